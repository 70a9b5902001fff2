-- === index-blocking do
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_indexes WHERE indexname = 'orders_c_idx') THEN
    CREATE INDEX orders_c_idx ON orders (customer_id); -- FAULT index-blocking
  END IF;
END $$;
-- === index-blocking unique
BEGIN;
SET LOCAL lock_timeout = '2s';
CREATE UNIQUE INDEX "Orders_key" ON "app"."orders" (lower(code)); -- FAULT index-blocking
COMMIT;
-- === index-blocking execute
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['a','b'] LOOP
    EXECUTE format('CREATE INDEX %I ON %I (tenant_id)', t || '_idx', t); -- FAULT index-blocking
  END LOOP;
END $$;
-- === index-blocking brin if not exists
CREATE INDEX IF NOT EXISTS logs_at ON logs USING brin (at); -- FAULT index-blocking
-- === index-blocking sqlx
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int NOT NULL);
-- --- migrations/2_b.sql
CREATE INDEX a_b ON a (b); -- FAULT index-blocking
-- === index clean matview new
CREATE MATERIALIZED VIEW mv AS SELECT 1 AS a;
CREATE UNIQUE INDEX mv_a ON mv (a);
-- === index clean ctas
CREATE TABLE t2 AS SELECT 1 AS id, 2 AS b;
ALTER TABLE t2 ADD PRIMARY KEY (id);
CREATE INDEX ON t2 (b);
-- === index clean temp
CREATE TEMP TABLE tt (a int);
CREATE INDEX ON tt (a);
-- === index clean new table in do
DO $$ BEGIN
 CREATE TABLE nn (id bigint PRIMARY KEY, a int);
 CREATE INDEX nn_a ON nn (a);
END $$;
-- === index clean only partitioned parent
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
-- --- migrations/2_b.sql
CREATE INDEX a_at ON ONLY a (at);
-- === conc txn begin
BEGIN;
CREATE INDEX CONCURRENTLY a_idx ON a (b); -- FAULT concurrently-in-transaction
COMMIT;
-- === conc txn sqlx
-- --- migrations/20240101000000_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int NOT NULL);
-- --- migrations/20240102000000_b.sql
CREATE INDEX CONCURRENTLY a_b ON a (b); -- FAULT concurrently-in-transaction
-- === conc txn sqlx up
-- --- migrations/20240101000000_a.up.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int NOT NULL);
-- --- migrations/20240101000000_a.down.sql
DROP TABLE a;
-- --- migrations/20240102000000_b.up.sql
CREATE INDEX CONCURRENTLY a_b ON a (b); -- FAULT concurrently-in-transaction
-- --- migrations/20240102000000_b.down.sql
DROP INDEX a_b;
-- === conc txn sqlx clean
-- --- migrations/20240101000000_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int NOT NULL);
-- --- migrations/20240102000000_b.sql
-- no-transaction
CREATE INDEX CONCURRENTLY a_b ON a (b);
-- === conc do
DO $$ BEGIN
  CREATE INDEX CONCURRENTLY a_idx ON a (b); -- FAULT concurrently-in-transaction
END $$;
-- === conc execute do
DO $$ BEGIN
  EXECUTE 'CREATE INDEX CONCURRENTLY a_idx ON a (b)'; -- FAULT concurrently-in-transaction
END $$;
-- === conc function
CREATE FUNCTION app.mk() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE INDEX CONCURRENTLY %I ON a (b)', 'x'); -- FAULT concurrently-in-transaction
END $$;
-- === conc function sql
CREATE FUNCTION app.mk() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  REINDEX TABLE CONCURRENTLY a; -- FAULT concurrently-in-transaction
END $$;
-- === conc drop in txn
BEGIN;
DROP INDEX CONCURRENTLY IF EXISTS a_idx; -- FAULT concurrently-in-transaction
COMMIT;
-- === conc detach in txn
BEGIN;
ALTER TABLE logs DETACH PARTITION logs_1 CONCURRENTLY; -- FAULT concurrently-in-transaction
COMMIT;
-- === conc after commit clean
BEGIN;
SET LOCAL lock_timeout = '1s';
ALTER TABLE a ADD COLUMN b int;
COMMIT;
CREATE INDEX CONCURRENTLY a_b ON a (b);
-- === vacuum txn
BEGIN;
VACUUM (ANALYZE) a; -- FAULT vacuum-in-transaction
COMMIT;
-- === vacuum do
DO $$ BEGIN EXECUTE 'VACUUM ' || quote_ident('a'); -- FAULT vacuum-in-transaction
END $$;
-- === alter system
BEGIN;
ALTER SYSTEM SET work_mem = '64MB'; -- FAULT vacuum-in-transaction
COMMIT;
-- === create database
START TRANSACTION;
CREATE DATABASE x; -- FAULT vacuum-in-transaction
COMMIT;
-- === create tablespace
BEGIN;
DROP DATABASE x; -- FAULT vacuum-in-transaction
COMMIT;
-- === vacuum function
CREATE PROCEDURE app.p() LANGUAGE plpgsql AS $$ BEGIN
  VACUUM app.t; -- FAULT vacuum-in-transaction
END $$;
-- === vacuum sqlx
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int NOT NULL);
-- --- migrations/2_b.sql
VACUUM ANALYZE a; -- FAULT vacuum-in-transaction
-- === vacuum clean
VACUUM (ANALYZE) a;
-- === analyze in txn clean
BEGIN;
ANALYZE a;
COMMIT;
-- === create subscription txn
BEGIN;
CREATE SUBSCRIPTION s CONNECTION 'host=h dbname=d' PUBLICATION p; -- FAULT vacuum-in-transaction
COMMIT;
-- === drop index several
DROP INDEX IF EXISTS a_idx, b_idx; -- FAULT drop-index-blocking
-- === drop index do
DO $$ BEGIN
  IF true THEN
    DROP INDEX app.a_idx; -- FAULT drop-index-blocking
  END IF;
END $$;
-- === drop index exec
DO $$ BEGIN
  EXECUTE 'DROP INDEX app.a_idx'; -- FAULT drop-index-blocking
END $$;
-- === drop index sqlx
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int NOT NULL);
CREATE INDEX a_b ON a (b);
-- --- migrations/2_b.sql
DROP INDEX a_b; -- FAULT drop-index-blocking
-- === reindex database
REINDEX (VERBOSE) TABLE app.a; -- FAULT reindex-blocking
-- === reindex index
REINDEX INDEX a_idx; -- FAULT reindex-blocking
-- === reindex schema
REINDEX SCHEMA app; -- FAULT reindex-blocking
-- === reindex clean
REINDEX (CONCURRENTLY) TABLE a;
-- === reindex clean2
REINDEX INDEX CONCURRENTLY a_idx;
-- === volatile default uuid
SET lock_timeout = '1s';
ALTER TABLE a ADD COLUMN b uuid NOT NULL DEFAULT gen_random_uuid(); -- FAULT add-column-volatile-default
-- === volatile default clock
ALTER TABLE a ADD COLUMN b timestamptz DEFAULT clock_timestamp(); -- FAULT add-column-volatile-default
-- === volatile default random
ALTER TABLE a
  ADD COLUMN c int,
  ADD COLUMN b double precision DEFAULT random(), -- FAULT add-column-volatile-default
  ADD COLUMN d int;
-- === volatile default userfn
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE FUNCTION next_code() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'x'; END $$;
-- --- migrations/2_a.sql
ALTER TABLE a ADD COLUMN code text DEFAULT next_code(); -- FAULT add-column-volatile-default
-- === volatile default expr
ALTER TABLE a ADD COLUMN code text DEFAULT md5(random()::text) NOT NULL; -- FAULT add-column-volatile-default
-- === volatile default uuid ext
ALTER TABLE a ADD COLUMN code uuid DEFAULT uuid_generate_v4(); -- FAULT add-column-volatile-default
-- === volatile default timeofday
ALTER TABLE a ADD COLUMN code text DEFAULT timeofday(); -- FAULT add-column-volatile-default
-- === volatile default clean now
ALTER TABLE a ADD COLUMN b timestamptz NOT NULL DEFAULT now(), ADD COLUMN c date DEFAULT CURRENT_DATE, ADD d text DEFAULT 'x' || 'y', ADD e jsonb DEFAULT '{}'::jsonb NOT NULL, ADD f text DEFAULT current_user;
-- === volatile default setdefault clean
ALTER TABLE a ADD COLUMN b uuid;
ALTER TABLE a ALTER COLUMN b SET DEFAULT gen_random_uuid();
-- === stored generated
ALTER TABLE a ADD COLUMN b text GENERATED ALWAYS AS (lower(c)) STORED; -- FAULT add-column-stored-generated
-- === stored generated do
DO $$ BEGIN
  ALTER TABLE a ADD COLUMN IF NOT EXISTS b tsvector GENERATED ALWAYS AS (to_tsvector('english', c)) STORED; -- FAULT add-column-stored-generated
END $$;
-- === auto increment serial
ALTER TABLE a ADD COLUMN n bigserial; -- FAULT add-column-auto-increment
-- === auto increment identity
ALTER TABLE a ADD COLUMN n bigint GENERATED BY DEFAULT AS IDENTITY; -- FAULT add-column-auto-increment
-- === auto increment nextval
ALTER TABLE a ADD COLUMN n bigint NOT NULL DEFAULT nextval('s'); -- FAULT add-column-auto-increment
-- === auto increment pk
ALTER TABLE a ADD COLUMN n smallserial PRIMARY KEY; -- FAULT add-column-auto-increment
-- === constrained domain
-- --- migrations/1_a.sql
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE a (id bigint PRIMARY KEY);
-- --- migrations/2_a.sql
ALTER TABLE a ADD COLUMN mail email; -- FAULT add-column-constrained-domain
-- === constrained domain notnull
-- --- migrations/1_a.sql
CREATE SCHEMA app;
CREATE DOMAIN app.code AS text NOT NULL;
CREATE TABLE app.a (id bigint PRIMARY KEY);
-- --- migrations/2_a.sql
ALTER TABLE app.a ADD COLUMN c app.code DEFAULT 'x'; -- FAULT add-column-constrained-domain
-- === constrained domain same file
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
ALTER TABLE a ADD COLUMN n positive; -- FAULT add-column-constrained-domain
-- === constrained domain later check
-- --- migrations/1_a.sql
CREATE DOMAIN email AS text;
ALTER DOMAIN email ADD CONSTRAINT e CHECK (VALUE LIKE '%@%');
CREATE TABLE a (id bigint PRIMARY KEY);
-- --- migrations/2_a.sql
ALTER TABLE a ADD COLUMN mail email; -- FAULT add-column-constrained-domain
-- === domain nested
-- --- migrations/1_a.sql
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE DOMAIN wmail AS email;
CREATE TABLE a (id bigint PRIMARY KEY);
-- --- migrations/2_a.sql
ALTER TABLE a ADD COLUMN mail wmail; -- FAULT add-column-constrained-domain
-- === type rewrite int bigint
ALTER TABLE a ALTER COLUMN id TYPE bigint; -- FAULT alter-type-rewrite
-- === type rewrite set data
ALTER TABLE a ALTER id SET DATA TYPE numeric(12,2) USING id::numeric; -- FAULT alter-type-rewrite
-- === type rewrite varchar shrink
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, c varchar(50));
-- --- migrations/2_a.sql
ALTER TABLE a ALTER COLUMN c TYPE varchar(20); -- FAULT alter-type-rewrite
-- === type rewrite text to varchar
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, c text);
-- --- migrations/2_a.sql
ALTER TABLE a ALTER COLUMN c TYPE varchar(20); -- FAULT alter-type-rewrite
-- === type rewrite ts to tstz
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, c timestamp);
-- --- migrations/2_a.sql
ALTER TABLE a ALTER COLUMN c TYPE timestamptz USING c AT TIME ZONE 'UTC'; -- FAULT alter-type-rewrite
-- === type rewrite text to jsonb
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, c text);
-- --- migrations/2_a.sql
ALTER TABLE a ALTER COLUMN c TYPE jsonb USING c::jsonb; -- FAULT alter-type-rewrite
-- === type rewrite numeric scale
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, c numeric(10,2));
-- --- migrations/2_a.sql
ALTER TABLE a ALTER COLUMN c TYPE numeric(12,4); -- FAULT alter-type-rewrite
-- === type enum to text
-- --- migrations/1_a.sql
CREATE TYPE st AS ENUM ('a','b');
CREATE TABLE a (id bigint PRIMARY KEY, c st);
-- --- migrations/2_a.sql
ALTER TABLE a ALTER COLUMN c TYPE text; -- FAULT alter-type-rewrite
-- === type in do
DO $$ BEGIN
  EXECUTE 'ALTER TABLE a ALTER COLUMN id TYPE bigint'; -- FAULT alter-type-rewrite
END $$;
-- === set not null
ALTER TABLE a ADD COLUMN b int, ALTER COLUMN c SET NOT NULL; -- FAULT set-not-null-scan
-- === set not null do
DO $$ BEGIN ALTER TABLE a ALTER c SET NOT NULL; -- FAULT set-not-null-scan
END $$;
-- === set not null not validated
ALTER TABLE a ADD CONSTRAINT c_nn CHECK (c IS NOT NULL) NOT VALID;
ALTER TABLE a ALTER c SET NOT NULL; -- FAULT set-not-null-scan
-- === set not null with other check
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, c int, CHECK (c IS NOT NULL OR id > 3));
-- --- migrations/2_a.sql
ALTER TABLE a ALTER c SET NOT NULL; -- FAULT set-not-null-scan
-- === check scan
ALTER TABLE a ADD CHECK (b > 0); -- FAULT check-constraint-scan
-- === check scan column
ALTER TABLE a ADD COLUMN b int CHECK (b > 0); -- FAULT check-constraint-scan
-- === check scan multi
ALTER TABLE a
  ADD COLUMN b int,
  ADD CONSTRAINT ck CHECK (b > 0); -- FAULT check-constraint-scan
-- === check scan do
DO $$ BEGIN
 IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'x') THEN
   ALTER TABLE a ADD CONSTRAINT x CHECK (b > 0); -- FAULT check-constraint-scan
 END IF;
END $$;
-- === fk lock
ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b (id); -- FAULT fk-validating-lock
-- === fk lock column
ALTER TABLE a ADD COLUMN b bigint REFERENCES b; -- FAULT fk-validating-lock
-- === fk lock do
DO $$ BEGIN
 ALTER TABLE ONLY a ADD CONSTRAINT fk FOREIGN KEY (b) REFERENCES b (id) ON DELETE CASCADE; -- FAULT fk-validating-lock
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;
-- === fk both new clean
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p bigint NOT NULL);
CREATE INDEX ON c (p);
ALTER TABLE c ADD FOREIGN KEY (p) REFERENCES p (id);
-- === validate same txn
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE a ADD CONSTRAINT fk FOREIGN KEY (b) REFERENCES b (id) NOT VALID;
ALTER TABLE a VALIDATE CONSTRAINT fk; -- FAULT validate-in-same-transaction
COMMIT;
-- === validate same sqlx
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int);
-- --- migrations/2_a.sql
ALTER TABLE a ADD CONSTRAINT ck CHECK (b > 0) NOT VALID;
ALTER TABLE a VALIDATE CONSTRAINT ck; -- FAULT validate-in-same-transaction
-- === validate same stmt do
DO $$ BEGIN
ALTER TABLE a ADD CONSTRAINT ck CHECK (b > 0) NOT VALID;
ALTER TABLE a VALIDATE CONSTRAINT ck; -- FAULT validate-in-same-transaction
END $$;
-- === validate same alter
ALTER TABLE a ADD CONSTRAINT ck CHECK (b > 0) NOT VALID, VALIDATE CONSTRAINT ck; -- FAULT validate-in-same-transaction
-- === validate two txn clean
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE a ADD CONSTRAINT ck CHECK (b > 0) NOT VALID;
COMMIT;
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE a VALIDATE CONSTRAINT ck;
COMMIT;
-- === unique lock
ALTER TABLE a ADD UNIQUE (b); -- FAULT unique-constraint-lock
-- === unique lock col
ALTER TABLE a ADD COLUMN b text UNIQUE; -- FAULT unique-constraint-lock
-- === unique lock do
DO $$ BEGIN
  EXECUTE 'ALTER TABLE a ADD CONSTRAINT u UNIQUE (b, c)'; -- FAULT unique-constraint-lock
END $$;
-- === pk lock
ALTER TABLE a ADD PRIMARY KEY (id); -- FAULT primary-key-lock
-- === pk lock swap
ALTER TABLE a DROP CONSTRAINT a_pkey, ADD CONSTRAINT a_pkey PRIMARY KEY (tenant_id, id); -- FAULT primary-key-lock
-- === pk using index nullable
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint, b int);
-- --- migrations/2_a.sql
-- no-transaction
CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);
-- --- migrations/3_a.sql
ALTER TABLE a ADD CONSTRAINT a_pkey PRIMARY KEY USING INDEX a_id; -- FAULT primary-key-lock
-- === exclude lock
ALTER TABLE a ADD CONSTRAINT x EXCLUDE USING gist (r WITH &&); -- FAULT exclusion-constraint-lock
-- === exclude lock multi
ALTER TABLE a ADD COLUMN r daterange, ADD EXCLUDE USING gist (r WITH &&) WHERE (r IS NOT NULL); -- FAULT exclusion-constraint-lock
-- === attach scan
ALTER TABLE logs ATTACH PARTITION logs_2 FOR VALUES FROM ('2024-01-01') TO ('2024-02-01'); -- FAULT attach-partition-scan
-- === attach default
ALTER TABLE logs ATTACH PARTITION logs_old DEFAULT; -- FAULT attach-partition-scan
-- === attach not valid check
-- --- migrations/1_a.sql
CREATE TABLE logs (id bigint, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE l2 (id bigint NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (id, at));
-- --- migrations/2_a.sql
ALTER TABLE l2 ADD CONSTRAINT ck CHECK (at >= '2024-01-01' AND at < '2024-02-01') NOT VALID;
-- --- migrations/3_a.sql
ALTER TABLE logs ATTACH PARTITION l2 FOR VALUES FROM ('2024-01-01') TO ('2024-02-01'); -- FAULT attach-partition-scan
-- === attach other check
-- --- migrations/1_a.sql
CREATE TABLE logs (id bigint, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE l2 (id bigint NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (id, at), CHECK (id > 0));
-- --- migrations/3_a.sql
ALTER TABLE logs ATTACH PARTITION l2 FOR VALUES FROM ('2024-01-01') TO ('2024-02-01'); -- FAULT attach-partition-scan
-- === attach wrong range check
-- --- migrations/1_a.sql
CREATE TABLE logs (id bigint, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE l2 (id bigint NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (id, at), CHECK (at >= '2023-01-01' AND at < '2024-02-01'));
-- --- migrations/3_a.sql
ALTER TABLE logs ATTACH PARTITION l2 FOR VALUES FROM ('2024-01-01') TO ('2024-02-01'); -- FAULT attach-partition-scan
-- === attach clean new
-- --- migrations/1_a.sql
CREATE TABLE logs (id bigint, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
-- --- migrations/2_a.sql
CREATE TABLE l2 (LIKE logs INCLUDING ALL);
ALTER TABLE logs ATTACH PARTITION l2 FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
-- === detach
ALTER TABLE logs DETACH PARTITION logs_1; -- FAULT detach-partition-blocking
-- === detach do
DO $$ BEGIN EXECUTE 'ALTER TABLE logs DETACH PARTITION logs_1'; -- FAULT detach-partition-blocking
END $$;
-- === part default
-- --- migrations/1_a.sql
CREATE TABLE logs (id bigint, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE logs_d PARTITION OF logs DEFAULT;
-- --- migrations/2_a.sql
CREATE TABLE logs_2024 PARTITION OF logs FOR VALUES FROM ('2024-01-01') TO ('2025-01-01'); -- FAULT partition-of-default-lock
-- === part default attach
-- --- migrations/1_a.sql
CREATE TABLE logs (id bigint, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE logs_d PARTITION OF logs DEFAULT;
-- --- migrations/2_a.sql
CREATE TABLE l2 (LIKE logs INCLUDING ALL);
ALTER TABLE logs ATTACH PARTITION l2 FOR VALUES FROM ('2024-01-01') TO ('2024-02-01'); -- FAULT partition-of-default-lock
-- === part default list do
-- --- migrations/1_a.sql
CREATE TABLE logs (id bigint, k text NOT NULL, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
CREATE TABLE logs_d PARTITION OF logs DEFAULT;
-- --- migrations/2_a.sql
DO $$ BEGIN
CREATE TABLE IF NOT EXISTS logs_x PARTITION OF logs FOR VALUES IN ('x'); -- FAULT partition-of-default-lock
END $$;
-- === refresh
REFRESH MATERIALIZED VIEW app.mv; -- FAULT refresh-matview-blocking
-- === refresh in function
CREATE FUNCTION app.r() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  REFRESH MATERIALIZED VIEW app.mv; -- FAULT refresh-matview-blocking
END $$;
-- === refresh sql fn
CREATE FUNCTION app.r() RETURNS void LANGUAGE sql AS $$
  REFRESH MATERIALIZED VIEW app.mv; -- FAULT refresh-matview-blocking
$$;
-- === refresh with no data clean?
-- --- migrations/1_a.sql
CREATE MATERIALIZED VIEW mv AS SELECT 1 AS a WITH NO DATA;
CREATE UNIQUE INDEX mv_a ON mv (a);
REFRESH MATERIALIZED VIEW mv;
-- === vacuum full
VACUUM (FULL, ANALYZE) app.a; -- FAULT vacuum-full
-- === vacuum full2
VACUUM FULL; -- FAULT vacuum-full
-- === vacuum full off clean
VACUUM (FULL false) a;
-- === cluster
CLUSTER a USING a_pkey; -- FAULT cluster-table
-- === cluster all
CLUSTER VERBOSE; -- FAULT cluster-table
-- === cluster exec
DO $$ BEGIN EXECUTE 'CLUSTER a'; -- FAULT cluster-table
END $$;
-- === cluster on only clean
ALTER TABLE a CLUSTER ON a_pkey;
-- === set logged
ALTER TABLE a SET LOGGED; -- FAULT set-logged-rewrite
-- === set unlogged
ALTER TABLE IF EXISTS a SET UNLOGGED; -- FAULT set-logged-rewrite
-- === lock timeout
BEGIN;
ALTER TABLE a ADD COLUMN b int; -- FAULT missing-lock-timeout
COMMIT;
-- === lock timeout statement timeout only
BEGIN;
SET LOCAL statement_timeout = '5s';
ALTER TABLE a DROP CONSTRAINT x; -- FAULT missing-lock-timeout
COMMIT;
-- === lock timeout sqlx
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY);
-- --- migrations/2_a.sql
ALTER TABLE a ADD COLUMN c int; -- FAULT missing-lock-timeout
-- === lock timeout zero
SET lock_timeout = 0;
BEGIN;
ALTER TABLE a ADD COLUMN b int; -- FAULT missing-lock-timeout
COMMIT;
-- === lock timeout after
BEGIN;
ALTER TABLE a ADD COLUMN b int; -- FAULT missing-lock-timeout
SET LOCAL lock_timeout = '2s';
COMMIT;
-- === lock timeout reset
SET lock_timeout = '2s';
RESET lock_timeout;
BEGIN;
ALTER TABLE a ADD COLUMN b int; -- FAULT missing-lock-timeout
COMMIT;
-- === lock timeout local other txn
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE a ADD COLUMN b int;
COMMIT;
BEGIN;
ALTER TABLE a ADD COLUMN c int; -- FAULT missing-lock-timeout
COMMIT;
-- === lock timeout drop table
BEGIN;
DROP TABLE a; -- FAULT missing-lock-timeout
COMMIT;
-- === lock timeout set_config clean
BEGIN;
SELECT set_config('lock_timeout', '2s', true);
ALTER TABLE a ADD COLUMN b int;
COMMIT;
-- === lock timeout session clean
SET SESSION lock_timeout TO '3s';
BEGIN;
ALTER TABLE a ADD COLUMN b int;
COMMIT;
ALTER TABLE a ADD COLUMN c int;
-- === ddl backfill
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE a ADD COLUMN b int;
UPDATE a SET b = 1 WHERE b IS NULL; -- FAULT ddl-then-backfill-lock
COMMIT;
-- === ddl backfill do
DO $$ BEGIN
  ALTER TABLE a ADD COLUMN b int;
  UPDATE a SET b = c; -- FAULT ddl-then-backfill-lock
END $$;
-- === ddl backfill sqlx
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, c int);
-- --- migrations/2_a.sql
SET LOCAL lock_timeout = '2s';
ALTER TABLE a ADD COLUMN b int;
UPDATE a SET b = c WHERE c > 0; -- FAULT ddl-then-backfill-lock
-- === ddl backfill with cte
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE a ADD COLUMN b int;
WITH x AS (SELECT id, 1 AS n FROM z) UPDATE a SET b = x.n FROM x WHERE x.id = a.id; -- FAULT ddl-then-backfill-lock
COMMIT;
-- === ddl backfill delete
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE a ADD COLUMN b int;
DELETE FROM a WHERE c < 3; -- FAULT ddl-then-backfill-lock
COMMIT;
-- === ddl backfill loop
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE a ADD COLUMN b int;
DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT id FROM a LOOP
    UPDATE a SET b = 1 WHERE id = r.id; -- FAULT ddl-then-backfill-lock
  END LOOP;
END $$;
COMMIT;
-- === ddl backfill merge
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE a ADD COLUMN b int;
MERGE INTO a USING z ON z.id = a.id WHEN MATCHED THEN UPDATE SET b = z.b; -- FAULT ddl-then-backfill-lock
COMMIT;
-- === ddl backfill plain clean
ALTER TABLE a ADD COLUMN b int;
UPDATE a SET b = 1 WHERE id BETWEEN 1 AND 1000;
-- === update without where
UPDATE a SET b = 1; -- FAULT update-without-where
-- === update where true
UPDATE a SET b = 1 WHERE true; -- FAULT update-without-where
-- === update 1=1
UPDATE a SET b = 1 WHERE 1 = 1; -- FAULT update-without-where
-- === update do
DO $$ BEGIN UPDATE a SET b = lower(c); -- FAULT update-without-where
END $$;
-- === update cte
WITH d AS (UPDATE a SET b = 1 RETURNING id) SELECT count(*) FROM d; -- FAULT update-without-where
-- === update new table clean
CREATE TABLE a (id bigint PRIMARY KEY, b int);
INSERT INTO a VALUES (1, 2);
UPDATE a SET b = 1;
-- === delete without where
DELETE FROM a; -- FAULT delete-without-where
-- === delete where true
DELETE FROM a WHERE true; -- FAULT delete-without-where
-- === delete do
DO $$ BEGIN EXECUTE 'DELETE FROM a'; -- FAULT delete-without-where
END $$;
-- === delete only
DELETE FROM ONLY a AS x; -- FAULT delete-without-where
-- === enum used
BEGIN;
ALTER TYPE st ADD VALUE 'x';
UPDATE t SET s = 'x' WHERE s = 'y'; -- FAULT enum-value-used-in-transaction
COMMIT;
-- === enum used sqlx
-- --- migrations/1_a.sql
CREATE TYPE st AS ENUM ('a');
CREATE TABLE t (id bigint PRIMARY KEY, s st NOT NULL);
-- --- migrations/2_a.sql
ALTER TYPE st ADD VALUE IF NOT EXISTS 'x' AFTER 'a';
ALTER TABLE t ALTER COLUMN s SET DEFAULT 'x'; -- FAULT enum-value-used-in-transaction
-- === enum used insert cast
BEGIN;
ALTER TYPE app.st ADD VALUE 'x';
INSERT INTO t (s) VALUES ('x'::app.st); -- FAULT enum-value-used-in-transaction
COMMIT;
-- === enum used check
BEGIN;
ALTER TYPE app.st ADD VALUE 'archived';
SET LOCAL lock_timeout = '1s';
CREATE INDEX i ON t (id) WHERE s = 'archived'; -- FAULT enum-value-used-in-transaction
COMMIT;
-- === enum used do
BEGIN;
ALTER TYPE st ADD VALUE 'x';
DO $$ BEGIN
 UPDATE t SET s = 'x' WHERE id = 1; -- FAULT enum-value-used-in-transaction
END $$;
COMMIT;
-- === enum clean new type
BEGIN;
CREATE TYPE st AS ENUM ('a');
ALTER TYPE st ADD VALUE 'x';
CREATE TABLE t (id bigint PRIMARY KEY, s st DEFAULT 'x');
COMMIT;
-- === enum clean two files
-- --- migrations/1_a.sql
CREATE TYPE st AS ENUM ('a');
CREATE TABLE t (id bigint PRIMARY KEY, s st NOT NULL);
-- --- migrations/2_a.sql
ALTER TYPE st ADD VALUE 'x';
-- --- migrations/3_a.sql
INSERT INTO t VALUES (1, 'x');
-- === enum clean function
BEGIN;
ALTER TYPE st ADD VALUE 'x';
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE app.t SET s = 'x' WHERE id = 1; END $$;
COMMIT;
-- === rename col
ALTER TABLE a RENAME b TO c; -- FAULT rename-column
-- === rename col do
DO $$ BEGIN ALTER TABLE app.a RENAME COLUMN b TO c; -- FAULT rename-column
END $$;
-- === rename col view
ALTER VIEW app.v RENAME COLUMN b TO c; -- FAULT rename-column
-- === rename table
ALTER TABLE IF EXISTS a RENAME TO b; -- FAULT rename-table
-- === rename view
ALTER VIEW a RENAME TO b; -- FAULT rename-table
-- === rename set schema
ALTER TABLE a SET SCHEMA archive; -- FAULT rename-table
-- === rename table exec
DO $$ BEGIN EXECUTE 'ALTER TABLE a RENAME TO b'; -- FAULT rename-table
END $$;
-- === rename constraint clean
ALTER TABLE a RENAME CONSTRAINT x TO y;
-- === rename index clean
ALTER INDEX a RENAME TO b;
-- === drop column
ALTER TABLE a DROP b; -- FAULT drop-column
-- === drop column multi
ALTER TABLE a
  ADD COLUMN x int,
  DROP COLUMN IF EXISTS b, -- FAULT drop-column
  DROP COLUMN c;
-- === drop column exec
DO $$ BEGIN EXECUTE format('ALTER TABLE %I DROP COLUMN b', 'a'); -- FAULT drop-column
END $$;
-- === drop table
DROP TABLE a, b; -- FAULT drop-table
-- === drop table if exists
DROP TABLE IF EXISTS app.a; -- FAULT drop-table
-- === drop table do
DO $$ BEGIN DROP TABLE app.a; -- FAULT drop-table
END $$;
-- === drop table temp clean
CREATE TEMP TABLE t (a int);
DROP TABLE t;
-- === drop table cascade
DROP TABLE a CASCADE; -- FAULT drop-cascade
-- === drop schema cascade
DROP SCHEMA app CASCADE; -- FAULT drop-cascade
-- === drop type cascade
DROP TYPE app.st CASCADE; -- FAULT drop-cascade
-- === drop function cascade
DROP FUNCTION IF EXISTS app.f(int) CASCADE; -- FAULT drop-cascade
-- === drop owned
DROP OWNED BY app CASCADE; -- FAULT drop-cascade
-- === drop constraint cascade
ALTER TABLE a DROP CONSTRAINT a_pkey CASCADE; -- FAULT drop-cascade
-- === drop extension cascade
DROP EXTENSION pgcrypto CASCADE; -- FAULT drop-cascade
-- === drop cascade exec
DO $$ BEGIN EXECUTE 'DROP VIEW app.v CASCADE'; -- FAULT drop-cascade
END $$;
-- === drop cascade revert sqitch
-- --- sqitch.plan
%syntax-version=1.0.0
%project=p

a 2026-01-01T00:00:00Z X <x@example.org> # A.
-- --- deploy/a.sql
-- Deploy p:a to pg
BEGIN;
CREATE SCHEMA app;
CREATE TABLE app.t (id bigint PRIMARY KEY);
COMMIT;
-- --- revert/a.sql
-- Revert p:a from pg
BEGIN;
DROP SCHEMA app CASCADE; -- FAULT drop-cascade
COMMIT;
-- --- verify/a.sql
-- Verify p:a on pg
BEGIN;
SELECT id FROM app.t WHERE false;
ROLLBACK;
-- === truncate cascade
TRUNCATE TABLE a, b RESTART IDENTITY CASCADE; -- FAULT truncate-cascade
-- === truncate cascade fn
CREATE PROCEDURE app.p() LANGUAGE plpgsql AS $$ BEGIN
  TRUNCATE app.a CASCADE; -- FAULT truncate-cascade
END $$;
-- === truncate clean
TRUNCATE app.staging;
-- === disable trigger
ALTER TABLE a DISABLE TRIGGER ALL; -- FAULT disable-trigger-all
-- === disable trigger fn
CREATE PROCEDURE app.p() LANGUAGE plpgsql AS $$ BEGIN
  ALTER TABLE app.a DISABLE TRIGGER ALL; -- FAULT disable-trigger-all
END $$;
-- === disable trigger repl
SET session_replication_role = 'replica'; -- FAULT disable-trigger-all
-- === disable trigger repl set_config
SELECT set_config('session_replication_role', 'replica', true); -- FAULT disable-trigger-all
-- === disable trigger exec
DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables LOOP
  EXECUTE format('ALTER TABLE %I DISABLE TRIGGER ALL', t); -- FAULT disable-trigger-all
END LOOP; END $$;
-- === disable trigger user clean
ALTER TABLE a DISABLE TRIGGER USER;
-- === conc if not exists
CREATE INDEX CONCURRENTLY IF NOT EXISTS a_i ON a (b); -- FAULT concurrent-index-if-not-exists
-- === conc if not exists unique
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_i ON app.a USING btree (b) INCLUDE (c) WHERE d; -- FAULT concurrent-index-if-not-exists
-- === domain scan
ALTER DOMAIN app.email ADD CONSTRAINT c CHECK (VALUE <> ''); -- FAULT domain-constraint-scan
-- === domain scan notnull
ALTER DOMAIN app.email SET NOT NULL; -- FAULT domain-constraint-scan
-- === domain scan do
DO $$ BEGIN ALTER DOMAIN email ADD CHECK (VALUE <> ''); -- FAULT domain-constraint-scan
END $$;
-- === domain clean
ALTER DOMAIN app.email ADD CONSTRAINT c CHECK (VALUE <> '') NOT VALID;
-- === conc partitioned
-- --- migrations/1_a.sql
CREATE TABLE logs (id bigint, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
-- --- migrations/2_a.sql
-- no-transaction
CREATE INDEX CONCURRENTLY logs_at ON logs (at); -- FAULT concurrently-on-partitioned
-- === conc partitioned sqitch
-- --- sqitch.plan
%syntax-version=1.0.0
%project=p

a 2026-01-01T00:00:00Z X <x@example.org> # A.
b [a] 2026-01-02T00:00:00Z X <x@example.org> # B.
-- --- deploy/a.sql
-- Deploy p:a to pg
BEGIN;
CREATE TABLE public.logs (id bigint, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
COMMIT;
-- --- revert/a.sql
-- Revert p:a from pg
BEGIN;
DROP TABLE public.logs;
COMMIT;
-- --- verify/a.sql
-- Verify p:a on pg
BEGIN;
SELECT id, at FROM public.logs WHERE false;
ROLLBACK;
-- --- deploy/b.sql
-- Deploy p:b to pg
CREATE INDEX CONCURRENTLY logs_at ON public.logs (at); -- FAULT concurrently-on-partitioned
-- --- revert/b.sql
-- Revert p:b from pg
DROP INDEX CONCURRENTLY public.logs_at;
-- --- verify/b.sql
-- Verify p:b on pg
BEGIN;
SELECT 'public.logs_at'::regclass;
ROLLBACK;
-- === fk notvalid partitioned
-- --- migrations/1_a.sql
CREATE TABLE u (id bigint PRIMARY KEY);
CREATE TABLE logs (id bigint, u bigint, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX logs_u ON logs (u);
-- --- migrations/2_a.sql
ALTER TABLE logs ADD CONSTRAINT fk FOREIGN KEY (u) REFERENCES u (id) NOT VALID; -- FAULT not-valid-fk-on-partitioned
-- === refresh conc no unique
-- --- migrations/1_a.sql
CREATE MATERIALIZED VIEW mv AS SELECT 1 AS a, 2 AS b;
CREATE INDEX mv_a ON mv (a);
-- --- migrations/2_a.sql
REFRESH MATERIALIZED VIEW CONCURRENTLY mv; -- FAULT refresh-concurrently-no-unique-index
-- === refresh conc partial unique
-- --- migrations/1_a.sql
CREATE MATERIALIZED VIEW mv AS SELECT 1 AS a, 2 AS b;
CREATE UNIQUE INDEX mv_a ON mv (a) WHERE b > 0;
-- --- migrations/2_a.sql
REFRESH MATERIALIZED VIEW CONCURRENTLY mv; -- FAULT refresh-concurrently-no-unique-index
-- === refresh conc expr unique fn
-- --- migrations/1_a.sql
CREATE SCHEMA app;
CREATE MATERIALIZED VIEW app.mv AS SELECT 1 AS a, 'x' AS b;
CREATE UNIQUE INDEX mv_a ON app.mv (lower(b));
-- --- migrations/2_a.sql
CREATE FUNCTION app.r() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  REFRESH MATERIALIZED VIEW CONCURRENTLY app.mv; -- FAULT refresh-concurrently-no-unique-index
END $$;
-- === uncommitted
BEGIN; -- FAULT uncommitted-transaction
CREATE TABLE a (id bigint PRIMARY KEY);
-- === uncommitted start
START TRANSACTION; -- FAULT uncommitted-transaction
CREATE TABLE a (id bigint PRIMARY KEY);
SAVEPOINT x;
RELEASE SAVEPOINT x;
-- === uncommitted second
BEGIN;
CREATE TABLE a (id bigint PRIMARY KEY);
COMMIT;
BEGIN; -- FAULT uncommitted-transaction
CREATE TABLE b (id bigint PRIMARY KEY);
-- === uncommitted rollback to
BEGIN; -- FAULT uncommitted-transaction
CREATE TABLE a (id bigint PRIMARY KEY);
SAVEPOINT s;
ROLLBACK TO SAVEPOINT s;
-- === nested
BEGIN;
CREATE TABLE a (id bigint PRIMARY KEY);
BEGIN; -- FAULT nested-transaction
CREATE TABLE b (id bigint PRIMARY KEY);
COMMIT;
-- === nested sqlx
-- --- migrations/1_a.sql
BEGIN; -- FAULT nested-transaction
CREATE TABLE a (id bigint PRIMARY KEY);
COMMIT;
-- --- migrations/2_a.sql
CREATE TABLE b (id bigint PRIMARY KEY);
-- === nested start
BEGIN;
CREATE TABLE a (id bigint PRIMARY KEY);
START TRANSACTION; -- FAULT nested-transaction
CREATE TABLE b (id bigint PRIMARY KEY);
COMMIT;
COMMIT;
-- === lock table
BEGIN;
SET LOCAL lock_timeout = '2s';
LOCK TABLE a IN SHARE ROW EXCLUSIVE MODE; -- FAULT explicit-table-lock
COMMIT;
-- === lock table bare
BEGIN;
SET LOCAL lock_timeout = '2s';
LOCK a; -- FAULT explicit-table-lock
COMMIT;
-- === lock table fn
CREATE FUNCTION app.n() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  LOCK TABLE app.a IN EXCLUSIVE MODE; -- FAULT explicit-table-lock
END $$;
-- === lock row share
BEGIN;
LOCK TABLE a IN SHARE MODE; -- FAULT explicit-table-lock
COMMIT;
-- === notnull nodefault
ALTER TABLE a ADD COLUMN b text NOT NULL; -- FAULT add-column-not-null-no-default
-- === notnull nodefault default null
ALTER TABLE a ADD b text NOT NULL DEFAULT NULL; -- FAULT add-column-not-null-no-default
-- === notnull nodefault two steps
ALTER TABLE a ADD COLUMN c int DEFAULT 3 NOT NULL, ADD COLUMN b int NOT NULL; -- FAULT add-column-not-null-no-default
-- === notnull do
DO $$ BEGIN ALTER TABLE a ADD COLUMN IF NOT EXISTS b uuid NOT NULL; -- FAULT add-column-not-null-no-default
END $$;
-- === notnull references
ALTER TABLE a ADD COLUMN b bigint NOT NULL REFERENCES b (id); -- FAULT add-column-not-null-no-default
-- === view change
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int, c int);
CREATE VIEW v AS SELECT id, b, c FROM a;
-- --- migrations/2_a.sql
CREATE OR REPLACE VIEW v AS SELECT id, c FROM a; -- FAULT replace-view-column-change
-- === view rename
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int, c int);
CREATE VIEW v AS SELECT id, b FROM a;
-- --- migrations/2_a.sql
CREATE OR REPLACE VIEW v AS SELECT id, b AS bb FROM a; -- FAULT replace-view-column-change
-- === view star
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int, c int);
CREATE VIEW v AS SELECT * FROM a;
-- --- migrations/2_a.sql
CREATE OR REPLACE VIEW v AS SELECT id, b FROM a; -- FAULT replace-view-column-change
-- === view union
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int, c int);
CREATE VIEW v AS SELECT id, b FROM a UNION ALL SELECT id, c FROM a;
-- --- migrations/2_a.sql
CREATE OR REPLACE VIEW v AS SELECT id FROM a; -- FAULT replace-view-column-change
-- === view insert middle sqitch-like
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int, c int);
CREATE VIEW v (id, b) AS SELECT id, b FROM a;
-- --- migrations/2_a.sql
CREATE OR REPLACE VIEW v AS SELECT id, c, b FROM a; -- FAULT replace-view-column-change
-- === view add clean
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int, c int);
CREATE VIEW v AS SELECT id, b FROM a;
-- --- migrations/2_a.sql
CREATE OR REPLACE VIEW v AS SELECT id, b, c FROM a;
-- === view drop create clean
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int, c int);
CREATE VIEW v AS SELECT id, b FROM a;
-- --- migrations/2_a.sql
DROP VIEW v;
CREATE VIEW v AS SELECT id FROM a;
-- === delete using without where
DELETE FROM ONLY app.box USING app.old_box; -- FAULT delete-without-where
-- === clean with cte
WITH doomed AS (SELECT s.id FROM app.session AS s WHERE s.expires_at < now() ORDER BY s.id LIMIT 500)
DELETE FROM app.session AS x USING doomed WHERE x.id = doomed.id;
-- === not valid then validate same txn sqlx
-- --- migrations/20240101_a.sql
SET LOCAL lock_timeout = '1s';
ALTER TABLE shop.line ADD CONSTRAINT line_qty CHECK (qty > 0) NOT VALID;
ALTER TABLE shop.line VALIDATE CONSTRAINT line_qty; -- FAULT validate-in-same-transaction
-- === refresh concurrently partial unique
CREATE MATERIALIZED VIEW shop.daily2 AS SELECT day, n FROM shop.src;
CREATE UNIQUE INDEX daily2_u ON shop.daily2 (day) WHERE n > 0;
REFRESH MATERIALIZED VIEW CONCURRENTLY shop.daily2; -- FAULT refresh-concurrently-no-unique-index
-- === drop owned by
DROP OWNED BY old_app CASCADE; -- FAULT drop-cascade
-- === rename-table schema
ALTER SCHEMA app RENAME TO old_app; -- FAULT rename-table
-- === drop-table database
DROP DATABASE IF EXISTS reports WITH (FORCE); -- FAULT drop-table
-- === lock timeout that ended with its block
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE a ADD COLUMN b text;
COMMIT;
SELECT 1;
SELECT 2;
SELECT 3;
ALTER TABLE b ALTER COLUMN c SET DEFAULT 3; -- FAULT missing-lock-timeout
-- === nested chained transactions clean
BEGIN;
CREATE TABLE a (id bigint PRIMARY KEY);
COMMIT AND CHAIN;
COMMENT ON TABLE a IS 'A.';
COMMIT;
-- === uncommitted chained
BEGIN;
SELECT 1;
COMMIT AND CHAIN; -- FAULT uncommitted-transaction
SELECT 2;
-- === drop index of a partitioned table, files that name the index alone, clean
-- --- 1.sql
CREATE TABLE a (id bigint, at date, page text, PRIMARY KEY (at, id)) PARTITION BY RANGE (at);
CREATE INDEX a_page_idx ON a (page);
-- --- 2.sql
SET lock_timeout = '2s';
DROP INDEX a_page_idx;
-- === lock timeout of the session by set_config clean
SELECT set_config('lock_timeout', '3s', false);
BEGIN;
ALTER TABLE a ADD COLUMN b text;
COMMIT;
-- === lock timeout by set_config that ends with its transaction
BEGIN;
SELECT set_config('lock_timeout', '3s', true);
COMMIT;
BEGIN;
SELECT 1;
SELECT 2;
SELECT 3;
ALTER TABLE a ADD COLUMN b text; -- FAULT missing-lock-timeout
COMMIT;
