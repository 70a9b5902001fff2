-- === partial idem
CREATE TABLE IF NOT EXISTS a (id bigint PRIMARY KEY, b int NOT NULL);
CREATE INDEX a_b ON a (b); -- FAULT partial-idempotence
-- === partial idem2
CREATE SCHEMA IF NOT EXISTS app;
CREATE TABLE IF NOT EXISTS app.a (id bigint PRIMARY KEY);
CREATE TYPE app.st AS ENUM ('a'); -- FAULT partial-idempotence
-- === partial idem3
DROP TRIGGER IF EXISTS t ON a;
CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();
CREATE TABLE IF NOT EXISTS b (id bigint PRIMARY KEY);
CREATE TRIGGER u BEFORE UPDATE ON b FOR EACH ROW EXECUTE FUNCTION f(); -- FAULT partial-idempotence
-- === partial idem4
ALTER TABLE a ADD COLUMN IF NOT EXISTS b int;
ALTER TABLE a ADD COLUMN c int; -- FAULT partial-idempotence
-- === partial idem5
CREATE TABLE IF NOT EXISTS a (id bigint PRIMARY KEY, b int);
ALTER TABLE a ADD CONSTRAINT ck CHECK (b > 0); -- FAULT partial-idempotence
-- === partial idem6
CREATE TABLE IF NOT EXISTS a (id bigint PRIMARY KEY, b int);
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE a FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (b = 1); -- FAULT partial-idempotence
-- === partial idem8 drop
DROP TABLE IF EXISTS a;
DROP TABLE b; -- FAULT partial-idempotence
-- === partial idem clean
CREATE TABLE IF NOT EXISTS a (id bigint PRIMARY KEY, b int);
DROP POLICY IF EXISTS p ON a;
CREATE POLICY p ON a USING (b = 1);
CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
DO $$ BEGIN CREATE TYPE st AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE a FORCE ROW LEVEL SECURITY;
INSERT INTO a VALUES (1, 2) ON CONFLICT DO NOTHING;
-- === partial idem clean extension only
CREATE EXTENSION IF NOT EXISTS pgcrypto;
CREATE SCHEMA app;
CREATE TABLE app.a (id bigint PRIMARY KEY);
-- === ine noop
CREATE TABLE a (id bigint PRIMARY KEY, b int);
CREATE TABLE IF NOT EXISTS a (id bigint PRIMARY KEY, b text); -- FAULT if-not-exists-noop
-- === ine noop2
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int NOT NULL);
-- --- migrations/2_a.sql
CREATE TABLE IF NOT EXISTS a (id bigint PRIMARY KEY, b int NOT NULL, c int); -- FAULT if-not-exists-noop
-- === ine noop3
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int NOT NULL, c int);
CREATE INDEX a_b ON a (b);
-- --- migrations/2_a.sql
-- no-transaction
CREATE INDEX IF NOT EXISTS a_b ON a (b, c); -- FAULT if-not-exists-noop
-- === ine noop4
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int NOT NULL);
-- --- migrations/2_a.sql
SET LOCAL lock_timeout = '2s';
ALTER TABLE a ADD COLUMN IF NOT EXISTS b bigint; -- FAULT if-not-exists-noop
-- === ine noop5 notnull
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int);
-- --- migrations/2_a.sql
SET LOCAL lock_timeout = '2s';
ALTER TABLE a ADD COLUMN IF NOT EXISTS b int NOT NULL DEFAULT 0; -- FAULT if-not-exists-noop
-- === ine noop6 constraint
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int);
-- --- migrations/2_a.sql
CREATE TABLE IF NOT EXISTS a (id bigint PRIMARY KEY, b int, CHECK (b > 0)); -- FAULT if-not-exists-noop
-- === ine noop8 matview
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int);
CREATE MATERIALIZED VIEW mv AS SELECT id FROM a;
-- --- migrations/2_a.sql
CREATE MATERIALIZED VIEW IF NOT EXISTS mv AS SELECT id, b FROM a; -- FAULT if-not-exists-noop
-- === seed
CREATE TABLE r (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
INSERT INTO r (name) VALUES ('a'), ('b') ON CONFLICT DO NOTHING; -- FAULT seed-not-idempotent
-- === seed2
CREATE TABLE r (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
INSERT INTO r (id, name) VALUES (gen_random_uuid(), 'a') ON CONFLICT (id) DO NOTHING; -- FAULT seed-not-idempotent
-- === seed3
-- --- migrations/1_a.sql
CREATE TABLE r (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
-- --- migrations/2_a.sql
INSERT INTO r (name) SELECT n FROM unnest(ARRAY['a','b']) AS n ON CONFLICT (id) DO UPDATE SET name = excluded.name; -- FAULT seed-not-idempotent
-- === seed4
CREATE TABLE r (id bigserial PRIMARY KEY, name text NOT NULL, t text);
CREATE UNIQUE INDEX r_n ON r (name, t) WHERE t IS NOT NULL;
INSERT INTO r (name) SELECT 'a' ON CONFLICT DO NOTHING; -- FAULT seed-not-idempotent
-- === seed5 do
CREATE TABLE r (id bigserial PRIMARY KEY, name text NOT NULL, t text);
DO $$ BEGIN
  INSERT INTO r (name, t) VALUES ('x', 'y') ON CONFLICT DO NOTHING; -- FAULT seed-not-idempotent
END $$;
-- === seed6 nullable in unique
CREATE TABLE r (id bigserial PRIMARY KEY, name text NOT NULL, t text, UNIQUE NULLS NOT DISTINCT (t, name));
CREATE TABLE r2 (id bigserial PRIMARY KEY, name text NOT NULL, t text, UNIQUE (name, t));
INSERT INTO r2 (name, t) VALUES ('x', NULL) ON CONFLICT (name, t) DO NOTHING; -- FAULT seed-not-idempotent
-- === seed clean
CREATE TABLE r (id bigserial PRIMARY KEY, name text NOT NULL UNIQUE);
INSERT INTO r (name) VALUES ('a') ON CONFLICT (name) DO NOTHING;
INSERT INTO r (id, name) VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET name = excluded.name;
INSERT INTO r (name) VALUES ('a') ON CONFLICT ON CONSTRAINT r_name_key DO NOTHING;
-- === dup
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TABLE a (id bigint PRIMARY KEY, b int); -- FAULT duplicate-object
-- === dup2
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b int NOT NULL);
CREATE INDEX a_b ON a (b);
-- --- migrations/2_a.sql
-- no-transaction
CREATE INDEX CONCURRENTLY a_b ON a (b); -- FAULT duplicate-object
-- === dup3
CREATE TABLE a (id bigint PRIMARY KEY, b int CONSTRAINT ck CHECK (b > 0), c int CONSTRAINT ck CHECK (c > 0)); -- FAULT duplicate-object
-- === dup4
CREATE TYPE st AS ENUM ('a');
CREATE TYPE st AS ENUM ('a', 'b'); -- FAULT duplicate-object
-- === dup5
CREATE TABLE a (id bigint PRIMARY KEY, b int, b text); -- FAULT duplicate-object
-- === dup6
CREATE TABLE a (id bigint PRIMARY KEY, b int);
ALTER TABLE a ADD COLUMN b int; -- FAULT duplicate-object
-- === dup7 func
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(b integer) RETURNS int LANGUAGE sql AS 'SELECT 2'; -- FAULT duplicate-object
-- === dup8 enum value
CREATE TYPE st AS ENUM ('a', 'b');
ALTER TYPE st ADD VALUE 'b'; -- FAULT duplicate-object
-- === dup9 enum twice
CREATE TYPE st AS ENUM ('a', 'b', 'a'); -- FAULT duplicate-object
-- === dup10 view vs table
CREATE TABLE a (id bigint PRIMARY KEY, b int);
CREATE VIEW a AS SELECT 1 AS x; -- FAULT duplicate-object
-- === dup11 two pk
CREATE TABLE a (id bigint PRIMARY KEY, b int, PRIMARY KEY (b)); -- FAULT duplicate-object
-- === dup12 alter pk
CREATE TABLE a (id bigint PRIMARY KEY, b int);
ALTER TABLE a ADD PRIMARY KEY (b); -- FAULT duplicate-object
-- === dup13 quoted
CREATE TABLE "a" (id bigint PRIMARY KEY, b int);
CREATE TABLE A (id bigint PRIMARY KEY, b int); -- FAULT duplicate-object
-- === dup14 policy
CREATE TABLE a (id bigint PRIMARY KEY, b int);
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE a FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a FOR SELECT USING (b = 1);
CREATE POLICY p ON a FOR INSERT WITH CHECK (b = 1); -- FAULT duplicate-object
-- === dup15 constraint default name
CREATE TABLE a (id bigint PRIMARY KEY, b int UNIQUE);
CREATE TABLE c (id bigint PRIMARY KEY);
CREATE INDEX a_b_key ON c (id); -- FAULT duplicate-object
-- === dup16 domain
CREATE DOMAIN d AS text;
CREATE DOMAIN d AS text; -- FAULT duplicate-object
-- === dup17 schema
CREATE SCHEMA app;
CREATE SCHEMA app; -- FAULT duplicate-object
-- === dup18 type table
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TYPE a AS ENUM ('x'); -- FAULT duplicate-object
-- === dup19 sequence
CREATE SEQUENCE s;
CREATE SEQUENCE s; -- FAULT duplicate-object
-- === dup20 trigger
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();
CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f(); -- FAULT duplicate-object
-- === dup21 role
CREATE ROLE a NOLOGIN;
CREATE ROLE a NOLOGIN; -- FAULT duplicate-object
-- === dup22 column rename
CREATE TABLE a (id bigint PRIMARY KEY, b int, c int);
ALTER TABLE a RENAME COLUMN b TO c; -- FAULT duplicate-object
-- === dup23 table rename
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TABLE b (id bigint PRIMARY KEY);
ALTER TABLE b RENAME TO a; -- FAULT duplicate-object
-- === dup24 extension
CREATE EXTENSION pgcrypto;
CREATE EXTENSION pgcrypto; -- FAULT duplicate-object
-- === dup clean dropped
CREATE TABLE a (id bigint PRIMARY KEY);
DROP TABLE a;
CREATE TABLE a (id bigint PRIMARY KEY, b int);
CREATE SCHEMA x;
CREATE TABLE x.a (id bigint PRIMARY KEY);
-- === fwd
CREATE TABLE a (id bigint PRIMARY KEY, b bigint REFERENCES b (id)); -- FAULT forward-reference
CREATE INDEX ON a (b);
CREATE TABLE b (id bigint PRIMARY KEY);
-- === fwd2 view
CREATE VIEW v AS SELECT id FROM a; -- FAULT forward-reference
CREATE TABLE a (id bigint PRIMARY KEY);
-- === fwd3 trigger function
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f(); -- FAULT forward-reference
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- === fwd4 sql function
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS $$ SELECT max(id) FROM a $$; -- FAULT forward-reference
CREATE TABLE a (id bigint PRIMARY KEY);
-- === fwd5 type
CREATE TABLE a (id bigint PRIMARY KEY, s st); -- FAULT forward-reference
CREATE TYPE st AS ENUM ('a');
-- === fwd6 role grant
CREATE TABLE a (id bigint PRIMARY KEY);
GRANT SELECT ON a TO reader; -- FAULT forward-reference
CREATE ROLE reader NOLOGIN;
-- === fwd7 schema
CREATE TABLE app.a (id bigint PRIMARY KEY); -- FAULT forward-reference
CREATE SCHEMA app;
-- === fwd8 index
CREATE INDEX a_i ON a (id); -- FAULT forward-reference
CREATE TABLE a (id bigint PRIMARY KEY);
-- === fwd9 sequence default
CREATE TABLE a (id bigint PRIMARY KEY DEFAULT nextval('a_seq')); -- FAULT forward-reference
CREATE SEQUENCE a_seq;
-- === fwd10 sqlx
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, b bigint REFERENCES b (id)); -- FAULT forward-reference
CREATE INDEX ON a (b);
-- --- migrations/2_b.sql
CREATE TABLE b (id bigint PRIMARY KEY);
-- === fwd11 policy function
CREATE TABLE a (id bigint PRIMARY KEY, t uuid NOT NULL);
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE a FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (t = (SELECT cur_t())); -- FAULT forward-reference
CREATE FUNCTION cur_t() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.t', true), '')::uuid $$;
-- === fwd12 alter table
ALTER TABLE a ADD COLUMN x int; -- FAULT forward-reference
CREATE TABLE a (id bigint PRIMARY KEY);
-- === fwd13 comment
COMMENT ON TABLE a IS 'x'; -- FAULT forward-reference
CREATE TABLE a (id bigint PRIMARY KEY);
-- === fwd15 insert
INSERT INTO a VALUES (1); -- FAULT forward-reference
CREATE TABLE a (id bigint PRIMARY KEY);
-- === fwd16 partition
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2); -- FAULT forward-reference
CREATE TABLE p (id bigint PRIMARY KEY) PARTITION BY RANGE (id);
-- === fwd17 policy role
CREATE TABLE a (id bigint PRIMARY KEY, t uuid NOT NULL);
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE a FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a TO app_user USING (t IS NOT NULL); -- FAULT forward-reference
CREATE ROLE app_user NOLOGIN;
-- === fwd18 default fn
CREATE TABLE a (id bigint PRIMARY KEY DEFAULT next_id()); -- FAULT forward-reference
CREATE FUNCTION next_id() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
-- === fwd clean plpgsql
CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT max(id) FROM a); END $$;
CREATE TABLE a (id bigint PRIMARY KEY);
-- === fwd clean self
CREATE TABLE a (id bigint PRIMARY KEY, p bigint REFERENCES a (id));
CREATE INDEX a_p ON a (p);
CREATE TABLE "Order" (id bigint PRIMARY KEY, a bigint NOT NULL REFERENCES a);
CREATE INDEX o_a ON "Order" (a);
-- === newer merge returning
MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN UPDATE SET x = b.x RETURNING a.id; -- FAULT newer-postgres-syntax
-- === newer uuidv7
CREATE TABLE a (id uuid PRIMARY KEY DEFAULT uuidv7()); -- FAULT newer-postgres-syntax
-- === newer any_value
CREATE VIEW v WITH (security_invoker = true) AS SELECT any_value(a) AS x FROM t; -- FAULT newer-postgres-syntax
-- === newer json_table
SELECT * FROM JSON_TABLE('[]'::jsonb, '$[*]' COLUMNS (a int PATH '$.a')) AS t; -- FAULT newer-postgres-syntax
-- === newer virtual
CREATE TABLE a (id bigint PRIMARY KEY, b int, c int GENERATED ALWAYS AS (b * 2) VIRTUAL); -- FAULT newer-postgres-syntax
-- === newer is json
CREATE TABLE a (id bigint PRIMARY KEY, b text CHECK (b IS JSON)); -- FAULT newer-postgres-syntax
-- === newer nn not valid
ALTER TABLE a ADD CONSTRAINT x NOT NULL b NOT VALID; -- FAULT newer-postgres-syntax
-- === newer not enforced
ALTER TABLE a ADD CONSTRAINT x CHECK (b > 0) NOT ENFORCED; -- FAULT newer-postgres-syntax
-- === newer temporal
CREATE TABLE a (id int, r daterange, PRIMARY KEY (id, r WITHOUT OVERLAPS)); -- FAULT newer-postgres-syntax
-- === newer on conflict
COPY a FROM STDIN WITH (ON_ERROR ignore); -- FAULT newer-postgres-syntax
-- === newer maintain
GRANT MAINTAIN ON a TO b; -- FAULT newer-postgres-syntax
-- === newer underscore num
INSERT INTO a VALUES (1_000_000); -- FAULT newer-postgres-syntax
-- === newer hex
INSERT INTO a VALUES (0xFF); -- FAULT newer-postgres-syntax
-- === newer merge source
MERGE INTO a USING b ON a.id = b.id WHEN NOT MATCHED BY SOURCE THEN DELETE; -- FAULT newer-postgres-syntax
-- === newer subselect alias
SELECT x FROM (SELECT 1 AS x); -- FAULT newer-postgres-syntax
-- === newer json_array
SELECT json_object('a': 1); -- FAULT newer-postgres-syntax
-- === newer json ctor
SELECT JSON_ARRAYAGG(x) FROM t; -- FAULT newer-postgres-syntax
-- === newer in function
CREATE FUNCTION app.f() RETURNS uuid LANGUAGE plpgsql AS $$ BEGIN
  RETURN uuidv7(); -- FAULT newer-postgres-syntax
END $$;
-- === newer returning old
UPDATE a SET x = 1 WHERE id = 1 RETURNING old.x, new.x; -- FAULT newer-postgres-syntax
-- === newer transaction_timeout
SET transaction_timeout = '5s'; -- FAULT newer-postgres-syntax
-- === newer grant inherit
GRANT a TO b WITH INHERIT FALSE; -- FAULT newer-postgres-syntax
-- === newer reserved_connections random
SELECT array_shuffle(ARRAY[1,2]), array_sample(ARRAY[1,2],1); -- FAULT newer-postgres-syntax
-- === newer storage in create
CREATE TABLE a (id bigint PRIMARY KEY, b text STORAGE EXTERNAL); -- FAULT newer-postgres-syntax
-- === newer to_bin
SELECT to_bin(5), to_oct(5); -- FAULT newer-postgres-syntax
-- === newer at local
SELECT now() AT LOCAL; -- FAULT newer-postgres-syntax
-- === newer builtin locale
CREATE COLLATION c (provider = builtin, locale = 'C.UTF-8'); -- FAULT newer-postgres-syntax
-- === newer default statistic
ALTER TABLE a ALTER COLUMN b SET STATISTICS DEFAULT; -- FAULT newer-postgres-syntax
-- === newer set expression
ALTER TABLE a ALTER COLUMN b SET EXPRESSION AS (c * 2); -- FAULT newer-postgres-syntax
-- === newer explain serialize
EXPLAIN (ANALYZE, MEMORY) SELECT 1; -- FAULT newer-postgres-syntax
-- === newer login event trigger
CREATE EVENT TRIGGER t ON login EXECUTE FUNCTION f(); -- FAULT newer-postgres-syntax
-- === newer casefold
SELECT casefold('X'); -- FAULT newer-postgres-syntax
-- === newer array_reverse
SELECT array_sort(ARRAY[2,1]), array_reverse(ARRAY[1]); -- FAULT newer-postgres-syntax
-- === newer only inherit trunc
SELECT gamma(0.5), crc32('a'::bytea); -- FAULT newer-postgres-syntax
-- === newer json scalar
SELECT JSON_SCALAR(1), JSON_QUERY('{}'::jsonb, '$.a'), JSON_EXISTS('{}'::jsonb, '$.a'); -- FAULT newer-postgres-syntax
-- === newer fk on virtual / clean 15 things
MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN UPDATE SET x = b.x WHEN NOT MATCHED THEN INSERT VALUES (1);
CREATE TABLE z (id bigint PRIMARY KEY, a int, b int, UNIQUE NULLS NOT DISTINCT (a, b));
CREATE VIEW v WITH (security_invoker = true) AS SELECT id FROM z;
SELECT regexp_like('a', 'b'), regexp_count('a','b'), range_agg(r) FROM q GROUP BY a;
GRANT SET ON PARAMETER work_mem TO x;
-- === syntax
CREATE TABLE a (id bigint PRIMARY KEY,); -- FAULT syntax-error
-- === syntax2
CREATE TABLE a (id bigint PRIMARY KEY);
ALTER TABEL a ADD COLUMN b int; -- FAULT syntax-error
-- === syntax3
CREATE TABLE a (
  id bigint PRIMARY KEY
  name text -- FAULT syntax-error
);
-- === syntax4 missing semicolon
CREATE TABLE a (id bigint PRIMARY KEY)
CREATE TABLE b (id bigint PRIMARY KEY); -- FAULT syntax-error
-- === syntax5 unclosed
INSERT INTO a VALUES ('it's'); -- FAULT syntax-error
-- === syntax6 create policy order
CREATE POLICY p ON a USING (true) FOR SELECT; -- FAULT syntax-error
-- === syntax7 if not exists constraint
ALTER TABLE a ADD CONSTRAINT IF NOT EXISTS x CHECK (b > 0); -- FAULT syntax-error
-- === syntax8 unique where
CREATE TABLE a (id bigint PRIMARY KEY, b int, d timestamptz, UNIQUE (b) WHERE (d IS NULL)); -- FAULT syntax-error
-- === syntax9 mysql
CREATE TABLE a (id bigint AUTO_INCREMENT PRIMARY KEY); -- FAULT syntax-error
-- === syntax10 trigger if not exists
CREATE TRIGGER IF NOT EXISTS t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f(); -- FAULT syntax-error
-- === syntax11 paren
CREATE TABLE a (id bigint PRIMARY KEY, b int DEFAULT (1 + 2); -- FAULT syntax-error
-- === syntax13 atomic
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a +; END; -- FAULT syntax-error
-- === syntax14 sql body
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS $$
  SELEC 1; -- FAULT syntax-error
$$;
-- === syntax15 dollar
CREATE FUNCTION app.f() RETURNS int LANGUAGE plpgsql AS $$ -- FAULT syntax-error
BEGIN
  RETURN 1;
END;
$;
-- === forward reference in do
DO $$ BEGIN
  ALTER TABLE app.later ADD CONSTRAINT later_ck CHECK (a > 0) NOT VALID; -- FAULT forward-reference
END $$;
CREATE TABLE app.later (id bigint PRIMARY KEY, a int);
-- === forward-reference in a do block that looks first
DO $$ BEGIN
  IF to_regclass('app.later') IS NULL THEN RETURN; END IF;
  ALTER TABLE app.later ADD CONSTRAINT later_ck CHECK (a > 0) NOT VALID;
END $$;
CREATE TABLE IF NOT EXISTS app.later (id bigint PRIMARY KEY, a int);
-- === clean function with path and temp table
CREATE TABLE shop.work (id bigint PRIMARY KEY);
CREATE FUNCTION shop.load() RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE work (id bigint) ON COMMIT DROP;
  INSERT INTO work SELECT w.id FROM shop.work AS w;
  RETURN (SELECT count(*) FROM work);
END $$;
-- === clean cte named like a table
CREATE TABLE inv.tool (id bigint PRIMARY KEY);
CREATE FUNCTION inv.tools() RETURNS bigint LANGUAGE sql STABLE SET search_path = '' AS $$
  WITH tool AS (SELECT t.id FROM inv.tool AS t) SELECT count(*) FROM tool
$$;
-- === clean pg_dump
SET statement_timeout = 0;
SET lock_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET default_tablespace = '';
CREATE TABLE public.author (
    id bigint NOT NULL,
    name text NOT NULL
);
ALTER TABLE public.author ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.author_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
COPY public.author (id, name) FROM stdin;
1	Ada
2	Bob \\ Co.
\.
SELECT pg_catalog.setval('public.author_id_seq', 2, true);
ALTER TABLE ONLY public.author
    ADD CONSTRAINT author_pkey PRIMARY KEY (id);
CREATE INDEX author_name_idx ON public.author USING btree (name);
