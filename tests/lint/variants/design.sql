-- === fk unindexed
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id bigint NOT NULL REFERENCES p (id)); -- FAULT fk-unindexed
-- === fk unindexed wrong order
CREATE TABLE p (a bigint, b bigint, PRIMARY KEY (a, b));
CREATE TABLE c (id bigint PRIMARY KEY, a bigint NOT NULL, b bigint NOT NULL, x int,
  FOREIGN KEY (a, b) REFERENCES p (a, b)); -- FAULT fk-unindexed
CREATE INDEX ON c (x, a, b);
-- === fk unindexed partial
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, x boolean NOT NULL, p_id bigint NOT NULL REFERENCES p (id)); -- FAULT fk-unindexed
CREATE INDEX ON c (p_id) WHERE x;
-- === fk unindexed expr
CREATE TABLE p (id text PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id text NOT NULL REFERENCES p (id)); -- FAULT fk-unindexed
CREATE INDEX ON c (lower(p_id));
-- === fk unindexed dropped
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id bigint NOT NULL REFERENCES p (id)); -- FAULT fk-unindexed
CREATE INDEX c_p ON c (p_id);
DROP INDEX c_p;
-- === fk unindexed alter
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id bigint NOT NULL);
ALTER TABLE c ADD CONSTRAINT c_p_fk FOREIGN KEY (p_id) REFERENCES p (id); -- FAULT fk-unindexed
-- === fk unindexed self
CREATE TABLE c (id bigint PRIMARY KEY, parent bigint REFERENCES c); -- FAULT fk-unindexed
-- === fk unindexed partitioned
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint, at date NOT NULL, p_id bigint NOT NULL REFERENCES p (id), PRIMARY KEY (id, at)) PARTITION BY RANGE (at); -- FAULT fk-unindexed
-- === fk unindexed gin
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id bigint NOT NULL REFERENCES p (id)); -- FAULT fk-unindexed
CREATE INDEX ON c USING brin (p_id);
-- === fk indexed clean
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (p_id bigint NOT NULL REFERENCES p (id), n int, q bigint REFERENCES p (id), PRIMARY KEY (p_id, n));
CREATE INDEX ON c (q) WHERE q IS NOT NULL;
CREATE TABLE d (id bigint PRIMARY KEY, p_id bigint NOT NULL UNIQUE REFERENCES p (id));
-- === dup index
CREATE TABLE c (id bigint PRIMARY KEY, a int, b int);
CREATE INDEX c1 ON c (a);
CREATE INDEX c2 ON c USING btree (a); -- FAULT duplicate-index
-- === dup index unique
CREATE TABLE c (id bigint PRIMARY KEY, a int NOT NULL UNIQUE, b int);
CREATE UNIQUE INDEX c2 ON c (a); -- FAULT duplicate-index
-- === dup index pk
CREATE TABLE c (id bigint PRIMARY KEY, a int, b int);
CREATE INDEX c_id ON c (id); -- FAULT duplicate-index
-- === dup index sqlx
-- --- migrations/1_a.sql
CREATE TABLE c (id bigint PRIMARY KEY, a int, b int);
CREATE INDEX c1 ON c (a, b);
-- --- migrations/2_a.sql
-- no-transaction
CREATE INDEX CONCURRENTLY c2 ON c (a ASC, b NULLS LAST); -- FAULT duplicate-index
-- === dup index expr
CREATE TABLE c (id bigint PRIMARY KEY, a text);
CREATE INDEX c1 ON c (lower(a));
CREATE INDEX c2 ON c (lower(a)); -- FAULT duplicate-index
-- === dup index partial
CREATE TABLE c (id bigint PRIMARY KEY, a text, d timestamptz);
CREATE INDEX c1 ON c (a) WHERE d IS NULL;
CREATE INDEX c2 ON c (a) WHERE d IS NULL; -- FAULT duplicate-index
-- === dup index include clean
CREATE TABLE c (id bigint PRIMARY KEY, a text, b text, d timestamptz);
CREATE INDEX c1 ON c (a) WHERE d IS NULL;
CREATE INDEX c2 ON c (a);
CREATE INDEX c3 ON c (a DESC);
CREATE INDEX c4 ON c (a text_pattern_ops);
CREATE INDEX c5 ON c USING hash (b);
CREATE INDEX c6 ON c (b COLLATE "C");
CREATE INDEX c7 ON c (b);
-- === dup fk
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id bigint NOT NULL REFERENCES p (id), CONSTRAINT x FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE CASCADE); -- FAULT duplicate-foreign-key
CREATE INDEX ON c (p_id);
-- === dup fk alter
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id bigint NOT NULL REFERENCES p);
CREATE INDEX ON c (p_id);
ALTER TABLE c ADD FOREIGN KEY (p_id) REFERENCES p (id); -- FAULT duplicate-foreign-key
-- === dup fk composite
CREATE TABLE p (a bigint, b bigint, PRIMARY KEY (a, b));
CREATE TABLE c (id bigint PRIMARY KEY, a bigint NOT NULL, b bigint NOT NULL,
 FOREIGN KEY (a, b) REFERENCES p (a, b));
CREATE INDEX ON c (a, b);
ALTER TABLE c ADD FOREIGN KEY (b, a) REFERENCES p (b, a); -- FAULT duplicate-foreign-key
-- === redundant
CREATE TABLE c (id bigint PRIMARY KEY, a int, b int);
CREATE INDEX c1 ON c (a); -- FAULT redundant-index
CREATE INDEX c2 ON c (a, b);
-- === redundant unique
CREATE TABLE c (id bigint PRIMARY KEY, a int NOT NULL, b int NOT NULL, UNIQUE (a, b));
CREATE INDEX c1 ON c (a); -- FAULT redundant-index
-- === redundant pk
CREATE TABLE c (a int, b int, PRIMARY KEY (a, b));
CREATE INDEX c1 ON c (a); -- FAULT redundant-index
-- === redundant sqlx
-- --- migrations/1_a.sql
CREATE TABLE c (id bigint PRIMARY KEY, a int, b int);
CREATE INDEX c1 ON c (a); -- FAULT redundant-index
-- --- migrations/2_a.sql
-- no-transaction
CREATE INDEX CONCURRENTLY c2 ON c (a, b DESC);
-- === redundant same partial
CREATE TABLE c (id bigint PRIMARY KEY, a int, b int, d timestamptz);
CREATE INDEX c1 ON c (a) WHERE d IS NULL; -- FAULT redundant-index
CREATE INDEX c2 ON c (a, b) WHERE d IS NULL;
-- === redundant clean
CREATE TABLE c (id bigint PRIMARY KEY, a int, b int, d timestamptz);
CREATE UNIQUE INDEX c1 ON c (a);
CREATE INDEX c2 ON c (a, b);
CREATE INDEX c3 ON c (b) WHERE d IS NULL;
CREATE INDEX c4 ON c (b, a) WHERE d IS NOT NULL;
CREATE INDEX c5 ON c USING gin (to_tsvector('english'::regconfig, a::text));
-- === ts
CREATE TABLE c (id bigint PRIMARY KEY, at timestamp NOT NULL); -- FAULT timestamp-without-tz
-- === ts2
CREATE TABLE c (id bigint PRIMARY KEY, at timestamp(3) without time zone DEFAULT now()); -- FAULT timestamp-without-tz
-- === ts alter
ALTER TABLE c ADD COLUMN at TIMESTAMP; -- FAULT timestamp-without-tz
-- === ts alter type
-- --- migrations/1_a.sql
CREATE TABLE c (id bigint PRIMARY KEY, at timestamptz NOT NULL);
-- --- migrations/2_a.sql
ALTER TABLE c ALTER COLUMN at TYPE timestamp; -- FAULT timestamp-without-tz
-- === ts array
CREATE TABLE c (id bigint PRIMARY KEY, at timestamp[] NOT NULL); -- FAULT timestamp-without-tz
-- === ts domain
CREATE DOMAIN moment AS timestamp; -- FAULT timestamp-without-tz
-- === ts fn clean
CREATE FUNCTION app.f(a timestamp) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT a::date $$;
-- === ts composite
CREATE TYPE app.r AS (a int, at timestamp); -- FAULT timestamp-without-tz
-- === ts do
DO $$ BEGIN
  CREATE TABLE IF NOT EXISTS c (id bigint PRIMARY KEY, at timestamp NOT NULL); -- FAULT timestamp-without-tz
END $$;
-- === money
CREATE TABLE c (id bigint PRIMARY KEY, price money NOT NULL); -- FAULT type-money
-- === money array
ALTER TABLE c ADD COLUMN price pg_catalog.money; -- FAULT type-money
-- === float money
CREATE TABLE c (id bigint PRIMARY KEY, total_amount double precision NOT NULL); -- FAULT type-float-money
-- === float money2
CREATE TABLE c (id bigint PRIMARY KEY, unit_price real); -- FAULT type-float-money
-- === float money3
ALTER TABLE c ADD COLUMN balance float8; -- FAULT type-float-money
-- === float money4
CREATE TABLE c (id bigint PRIMARY KEY, vat float); -- FAULT type-float-money
-- === float money5
CREATE TABLE c (id bigint PRIMARY KEY, discount float(10), salary float4, fee_eur double precision); -- FAULT type-float-money
-- === float money6
CREATE TABLE c (id bigint PRIMARY KEY, subtotal double precision); -- FAULT type-float-money
-- === float money7
CREATE TABLE invoice_lines (id bigint PRIMARY KEY, net double precision, gross double precision); -- FAULT type-float-money
-- === float clean
CREATE TABLE c (id bigint PRIMARY KEY, latitude double precision, weight real, score float8, ratio real, temperature double precision, total_count float8);
-- === char
CREATE TABLE c (id bigint PRIMARY KEY, code char(3)); -- FAULT type-char
-- === char2
CREATE TABLE c (id bigint PRIMARY KEY, code character(10) NOT NULL); -- FAULT type-char
-- === char3
ALTER TABLE c ADD COLUMN code bpchar; -- FAULT type-char
-- === char4
CREATE TABLE c (id bigint PRIMARY KEY, flag char NOT NULL); -- FAULT type-char
-- === char5
CREATE DOMAIN iso AS char(2); -- FAULT type-char
-- === char clean
CREATE TABLE c (id bigint PRIMARY KEY, code varchar(3), k "char");
-- === json
CREATE TABLE c (id bigint PRIMARY KEY, data json NOT NULL DEFAULT '{}'); -- FAULT type-json
-- === json arr
ALTER TABLE c ADD COLUMN data json[]; -- FAULT type-json
-- === serial
CREATE TABLE c (id serial PRIMARY KEY); -- FAULT type-serial
-- === serial2
CREATE TABLE c (id bigserial PRIMARY KEY); -- FAULT type-serial
-- === serial3
ALTER TABLE c ADD COLUMN n smallserial; -- FAULT type-serial
-- === pk int4
CREATE TABLE c (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY); -- FAULT pk-int4
-- === pk int4 serial
CREATE TABLE c (id serial PRIMARY KEY); -- FAULT pk-int4
-- === pk int4 table constr
CREATE TABLE c (id int4 NOT NULL DEFAULT nextval('s'), a int, PRIMARY KEY (id)); -- FAULT pk-int4
-- === pk int4 composite tenant
CREATE TABLE c (tenant_id uuid NOT NULL, id int GENERATED BY DEFAULT AS IDENTITY, PRIMARY KEY (tenant_id, id)); -- FAULT pk-int4
-- === pk int4 alter
CREATE TABLE c (id int NOT NULL);
ALTER TABLE c ADD PRIMARY KEY (id); -- FAULT pk-int4
-- === pk int4 smallint
CREATE TABLE c (id smallserial PRIMARY KEY); -- FAULT pk-int4
-- === pk int4 clean
CREATE TABLE c (country_code smallint PRIMARY KEY, name text NOT NULL);
CREATE TABLE d (id bigint PRIMARY KEY, n int);
CREATE TABLE e (id uuid PRIMARY KEY, n integer);
-- === no pk
CREATE TABLE c (id bigint NOT NULL, n int); -- FAULT no-primary-key
-- === no pk unique
CREATE TABLE c (id bigint NOT NULL UNIQUE, n int); -- FAULT no-primary-key
-- === no pk unlogged
CREATE UNLOGGED TABLE c (id bigint NOT NULL, n int); -- FAULT no-primary-key
-- === no pk dropped
CREATE TABLE c (id bigint PRIMARY KEY, n int); -- FAULT no-primary-key
ALTER TABLE c DROP CONSTRAINT c_pkey;
-- === no pk later clean
-- --- migrations/1_a.sql
CREATE TABLE c (id bigint NOT NULL, n int);
-- --- migrations/2_a.sql
-- no-transaction
CREATE UNIQUE INDEX CONCURRENTLY c_pkey ON c (id);
-- --- migrations/3_a.sql
SET LOCAL lock_timeout = '2s';
ALTER TABLE c ADD CONSTRAINT c_pkey PRIMARY KEY USING INDEX c_pkey;
-- === set null
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id bigint NOT NULL REFERENCES p (id) ON DELETE SET NULL); -- FAULT set-null-on-not-null
CREATE INDEX ON c (p_id);
-- === set null composite
CREATE TABLE p (t uuid, id bigint, PRIMARY KEY (t, id));
CREATE TABLE c (t uuid NOT NULL, id bigint, p_id bigint, PRIMARY KEY (t, id),
  FOREIGN KEY (t, p_id) REFERENCES p (t, id) ON DELETE SET NULL); -- FAULT set-null-on-not-null
CREATE INDEX ON c (t, p_id);
-- === set null later not null
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id bigint REFERENCES p (id) ON DELETE SET NULL); -- FAULT set-null-on-not-null
CREATE INDEX ON c (p_id);
ALTER TABLE c ALTER p_id SET NOT NULL;
-- === set null pk
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (p_id bigint REFERENCES p (id) ON DELETE SET NULL, n int, PRIMARY KEY (p_id, n)); -- FAULT set-null-on-not-null
-- === set null update
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id bigint NOT NULL REFERENCES p (id) ON UPDATE SET NULL); -- FAULT set-null-on-not-null
CREATE INDEX ON c (p_id);
-- === set null check not null
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id bigint REFERENCES p (id) ON DELETE SET NULL, CHECK (p_id IS NOT NULL)); -- FAULT set-null-on-not-null
CREATE INDEX ON c (p_id);
-- === set null clean
CREATE TABLE p (t uuid, id bigint, PRIMARY KEY (t, id));
CREATE TABLE c (t uuid NOT NULL, id bigint, p_id bigint, PRIMARY KEY (t, id),
  FOREIGN KEY (t, p_id) REFERENCES p (t, id) ON DELETE SET NULL (p_id));
CREATE INDEX ON c (t, p_id);
-- === set default
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id bigint NOT NULL REFERENCES p (id) ON DELETE SET DEFAULT); -- FAULT set-default-no-default
CREATE INDEX ON c (p_id);
-- === set default alter
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id bigint NOT NULL DEFAULT 1);
CREATE INDEX ON c (p_id);
ALTER TABLE c ALTER p_id DROP DEFAULT;
ALTER TABLE c ADD FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE SET DEFAULT; -- FAULT set-default-no-default
-- === idx not immutable
CREATE TABLE c (id bigint PRIMARY KEY, at timestamptz NOT NULL);
CREATE INDEX c_d ON c ((at::date)); -- FAULT index-expression-not-immutable
-- === idx now
CREATE TABLE c (id bigint PRIMARY KEY, at timestamptz NOT NULL);
CREATE INDEX c_d ON c (at) WHERE at > now(); -- FAULT index-expression-not-immutable
-- === idx fn stable
CREATE TABLE c (id bigint PRIMARY KEY, a text NOT NULL);
CREATE FUNCTION norm(t text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT lower(t) $$;
CREATE INDEX c_d ON c (norm(a)); -- FAULT index-expression-not-immutable
-- === idx fn default volatile
CREATE TABLE c (id bigint PRIMARY KEY, a text NOT NULL);
CREATE FUNCTION norm(t text) RETURNS text LANGUAGE sql AS $$ SELECT lower(t) $$;
CREATE UNIQUE INDEX c_d ON c (norm(a)); -- FAULT index-expression-not-immutable
-- === idx to_tsvector
CREATE TABLE c (id bigint PRIMARY KEY, a text NOT NULL);
CREATE INDEX c_d ON c USING gin (to_tsvector(a)); -- FAULT index-expression-not-immutable
-- === idx generated
CREATE TABLE c (id bigint PRIMARY KEY, at timestamptz NOT NULL, d date GENERATED ALWAYS AS (at::date) STORED); -- FAULT index-expression-not-immutable
-- === idx generated concat
CREATE TABLE c (id bigint PRIMARY KEY, a text, b text, d text GENERATED ALWAYS AS (concat(a, ' ', b)) STORED); -- FAULT index-expression-not-immutable
-- === idx generated age
CREATE TABLE c (id bigint PRIMARY KEY, born date NOT NULL, age int GENERATED ALWAYS AS (extract(year FROM age(born))) STORED); -- FAULT index-expression-not-immutable
-- === idx date_trunc
CREATE TABLE c (id bigint PRIMARY KEY, at timestamptz NOT NULL);
CREATE INDEX c_d ON c (date_trunc('month', at)); -- FAULT index-expression-not-immutable
-- === idx extract
CREATE TABLE c (id bigint PRIMARY KEY, at timestamptz NOT NULL);
CREATE INDEX c_d ON c (extract(year FROM at)); -- FAULT index-expression-not-immutable
-- === idx to_char
CREATE TABLE c (id bigint PRIMARY KEY, at timestamp NOT NULL);
CREATE INDEX c_d ON c (to_char(at, 'YYYY')); -- FAULT index-expression-not-immutable
-- === idx json text ts
CREATE TABLE c (id bigint PRIMARY KEY, d jsonb NOT NULL);
CREATE INDEX c_d ON c (((d->>'at')::timestamptz)); -- FAULT index-expression-not-immutable
-- === idx unaccent
CREATE TABLE c (id bigint PRIMARY KEY, d text NOT NULL);
CREATE INDEX c_d ON c (unaccent(d)); -- FAULT index-expression-not-immutable
-- === idx current_user
CREATE TABLE c (id bigint PRIMARY KEY, d text NOT NULL);
CREATE INDEX c_d ON c (id) WHERE d = current_user; -- FAULT index-expression-not-immutable
-- === idx partition key
CREATE TABLE c (id bigint NOT NULL, at timestamptz NOT NULL) PARTITION BY RANGE ((at::date)); -- FAULT index-expression-not-immutable
-- === idx exclude
CREATE TABLE c (id bigint PRIMARY KEY, a timestamptz, b timestamptz, EXCLUDE USING gist (daterange(a::date, b::date) WITH &&)); -- FAULT index-expression-not-immutable
-- === check now
CREATE TABLE c (id bigint PRIMARY KEY, at timestamptz CHECK (at <= now())); -- FAULT check-not-immutable
-- === check date
CREATE TABLE c (id bigint PRIMARY KEY, born date, CONSTRAINT x CHECK (born < CURRENT_DATE)); -- FAULT check-not-immutable
-- === check setting
CREATE TABLE c (id bigint PRIMARY KEY, t text, CHECK (t = current_setting('app.t', true))); -- FAULT check-not-immutable
-- === check fn
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE FUNCTION has(a bigint) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT EXISTS (SELECT 1 FROM public.p WHERE id = a) $$;
CREATE TABLE c (id bigint PRIMARY KEY, a bigint CHECK (has(a))); -- FAULT check-not-immutable
-- === check domain
CREATE DOMAIN past AS date CHECK (VALUE <= CURRENT_DATE); -- FAULT check-not-immutable
-- === check alter not valid
ALTER TABLE c ADD CONSTRAINT x CHECK (at > now() - interval '1 year') NOT VALID; -- FAULT check-not-immutable
-- === check literal now
CREATE TABLE c (id bigint PRIMARY KEY, at timestamptz CHECK (at <= 'now'::timestamptz)); -- FAULT check-not-immutable
-- === check age
CREATE TABLE c (id bigint PRIMARY KEY, born date CHECK (age(born) > interval '18 years')); -- FAULT check-not-immutable
-- === check clean
CREATE TABLE c (id bigint PRIMARY KEY, at timestamptz DEFAULT now(), ends timestamptz, CHECK (ends > at), n text CHECK (n ~ '^[a-z]+$' AND length(n) < 5));
-- === null cmp
CREATE VIEW v AS SELECT id FROM t WHERE x = NULL; -- FAULT comparison-with-null
-- === null cmp2
CREATE TABLE c (id bigint PRIMARY KEY, a int CHECK (a <> NULL)); -- FAULT comparison-with-null
-- === null cmp3
DELETE FROM t WHERE x IN (1, NULL); -- FAULT comparison-with-null
-- === null cmp4
CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN
  IF a != NULL THEN -- FAULT comparison-with-null
    RETURN 1;
  END IF;
  RETURN 2;
END $$;
-- === null cmp5
CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW WHEN (NEW.x = NULL) EXECUTE FUNCTION f(); -- FAULT comparison-with-null
-- === null cmp6
CREATE INDEX i ON t (a) WHERE d = NULL; -- FAULT comparison-with-null
-- === null cmp7
UPDATE t SET a = 1 WHERE b NOT IN ('x', NULL); -- FAULT comparison-with-null
-- === null cmp8
CREATE TABLE c (id bigint PRIMARY KEY, a text CHECK (a IN ('x', 'y', NULL))); -- FAULT comparison-with-null
-- === null cmp9
SELECT CASE a WHEN NULL THEN 1 ELSE 2 END FROM t; -- FAULT comparison-with-null
-- === null cmp10
CREATE TABLE c (id bigint PRIMARY KEY, a text CHECK (a = ANY (ARRAY['x', NULL]))); -- FAULT comparison-with-null
-- === null clean
UPDATE t SET a = NULL WHERE b IS NULL AND c IS DISTINCT FROM NULL;
CREATE FUNCTION app.f(a int DEFAULT NULL) RETURNS int LANGUAGE plpgsql AS $$ DECLARE x int = NULL; BEGIN x = NULL; RETURN x; END $$;
-- === unique nullable
CREATE TABLE c (id bigint PRIMARY KEY, a text NOT NULL, parent_id bigint, UNIQUE (parent_id, a)); -- FAULT unique-nullable
-- === unique nullable deleted
CREATE TABLE c (id bigint PRIMARY KEY, email text NOT NULL, deleted_at timestamptz);
CREATE UNIQUE INDEX c_e ON c (email, deleted_at); -- FAULT unique-nullable
-- === unique nullable alter
CREATE TABLE c (id bigint PRIMARY KEY, email text NOT NULL, org uuid);
ALTER TABLE c ADD CONSTRAINT u UNIQUE (org, email); -- FAULT unique-nullable
-- === unique nullable last
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, slug text NOT NULL, category_id bigint REFERENCES p (id), UNIQUE (slug, category_id)); -- FAULT unique-nullable
CREATE INDEX ON c (category_id);
-- === unique nullable tenant
CREATE TABLE c (id bigint PRIMARY KEY, tenant_id uuid, name text NOT NULL, UNIQUE (tenant_id, name)); -- FAULT unique-nullable
-- === unique nullable clean
CREATE TABLE c (id bigint PRIMARY KEY, a text NOT NULL, email text UNIQUE, parent_id bigint, UNIQUE NULLS NOT DISTINCT (parent_id, a));
CREATE TABLE d (id bigint PRIMARY KEY, a text NOT NULL, deleted_at timestamptz);
CREATE UNIQUE INDEX d_a ON d (a) WHERE deleted_at IS NULL;
CREATE TABLE e (id bigint PRIMARY KEY, tenant_id uuid NOT NULL, external_ref text, UNIQUE (tenant_id, external_ref));
-- === fk tenant
CREATE TABLE p (tenant_id uuid NOT NULL, id uuid PRIMARY KEY);
CREATE TABLE c (tenant_id uuid NOT NULL, id uuid PRIMARY KEY, p_id uuid NOT NULL REFERENCES p (id)); -- FAULT fk-not-tenant-scoped
CREATE INDEX ON c (p_id);
-- === fk tenant alter
CREATE TABLE p (tenant_id uuid NOT NULL, id uuid PRIMARY KEY, UNIQUE (tenant_id, id));
CREATE TABLE c (tenant_id uuid NOT NULL, id uuid, p_id uuid NOT NULL, PRIMARY KEY (tenant_id, id));
CREATE INDEX ON c (p_id);
ALTER TABLE c ADD FOREIGN KEY (p_id) REFERENCES p (id); -- FAULT fk-not-tenant-scoped
-- === fk tenant account
ALTER TABLE zz ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY q ON zz USING (account_id = (SELECT nullif(current_setting('app.a', true), '')::bigint));
CREATE TABLE p (account_id bigint NOT NULL, id bigint PRIMARY KEY);
CREATE TABLE c (account_id bigint NOT NULL, id bigint PRIMARY KEY, p_id bigint NOT NULL REFERENCES p); -- FAULT fk-not-tenant-scoped
CREATE INDEX ON c (p_id);
-- === fk tenant workspace
CREATE TABLE workspaces (id bigint PRIMARY KEY);
CREATE TABLE p (workspace_id bigint NOT NULL REFERENCES workspaces, id bigint PRIMARY KEY);
CREATE INDEX ON p (workspace_id);
CREATE TABLE c (workspace_id bigint NOT NULL REFERENCES workspaces, id bigint PRIMARY KEY, p_id bigint NOT NULL REFERENCES p); -- FAULT fk-not-tenant-scoped
CREATE INDEX ON c (p_id);
CREATE INDEX ON c (workspace_id);
-- === fk tenant clean
CREATE TABLE tenants (id uuid PRIMARY KEY);
CREATE TABLE p (tenant_id uuid NOT NULL REFERENCES tenants (id), id uuid, PRIMARY KEY (tenant_id, id));
CREATE TABLE c (tenant_id uuid NOT NULL, id uuid, p_id uuid NOT NULL, PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, p_id) REFERENCES p (tenant_id, id));
CREATE INDEX ON c (tenant_id, p_id);
-- === unique tenant
CREATE TABLE c (tenant_id uuid NOT NULL, id uuid, email text NOT NULL UNIQUE, PRIMARY KEY (tenant_id, id)); -- FAULT unique-not-tenant-scoped
-- === unique tenant idx
CREATE TABLE c (tenant_id uuid NOT NULL, id uuid, email text NOT NULL, PRIMARY KEY (tenant_id, id));
CREATE UNIQUE INDEX c_e ON c (lower(email)); -- FAULT unique-not-tenant-scoped
-- === unique tenant alter
CREATE TABLE c (tenant_id uuid NOT NULL, id uuid, slug text NOT NULL, PRIMARY KEY (tenant_id, id));
ALTER TABLE c ADD CONSTRAINT s UNIQUE (slug); -- FAULT unique-not-tenant-scoped
-- === unique tenant pk natural
CREATE TABLE c (tenant_id uuid NOT NULL, slug text PRIMARY KEY); -- FAULT unique-not-tenant-scoped
-- === part key
CREATE TABLE c (id bigint PRIMARY KEY, at date NOT NULL) PARTITION BY RANGE (at); -- FAULT partition-key-not-in-unique
-- === part key unique
CREATE TABLE c (id bigint, at date NOT NULL, code text NOT NULL UNIQUE, PRIMARY KEY (id, at)) PARTITION BY RANGE (at); -- FAULT partition-key-not-in-unique
-- === part key index
CREATE TABLE c (id bigint, at date NOT NULL, code text NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE UNIQUE INDEX c_c ON c (code); -- FAULT partition-key-not-in-unique
-- === part key alter
CREATE TABLE c (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
ALTER TABLE c ADD PRIMARY KEY (id); -- FAULT partition-key-not-in-unique
-- === part key expression
CREATE TABLE c (id bigint, at timestamp NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (date_trunc('month', at)); -- FAULT partition-key-not-in-unique
-- === part gap
CREATE TABLE c (id bigint, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE c1 PARTITION OF c FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE c2 PARTITION OF c FOR VALUES FROM ('2024-03-01') TO ('2024-04-01'); -- FAULT partition-gap
-- === part gap off by one
CREATE TABLE c (id bigint, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE c1 PARTITION OF c FOR VALUES FROM ('2024-01-01') TO ('2024-01-31'); -- FAULT partition-gap
CREATE TABLE c2 PARTITION OF c FOR VALUES FROM ('2024-02-01') TO ('2024-02-29');
-- === part gap int
CREATE TABLE c (id bigint PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE c1 PARTITION OF c FOR VALUES FROM (0) TO (999);
CREATE TABLE c2 PARTITION OF c FOR VALUES FROM (1000) TO (2000); -- FAULT partition-gap
-- === part gap attach
CREATE TABLE c (id bigint PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE c1 PARTITION OF c FOR VALUES FROM (0) TO (1000);
CREATE TABLE c2 (id bigint PRIMARY KEY);
ALTER TABLE c ATTACH PARTITION c2 FOR VALUES FROM (1001) TO (2000); -- FAULT partition-gap
-- === part gap tz
CREATE TABLE c (id bigint, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE c1 PARTITION OF c FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2024-02-01 00:00:00+00');
CREATE TABLE c2 PARTITION OF c FOR VALUES FROM ('2024-02-02 00:00:00+00') TO ('2024-03-01 00:00:00+00'); -- FAULT partition-gap
-- === part gap clean default
CREATE TABLE c (id bigint PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE c1 PARTITION OF c FOR VALUES FROM (0) TO (1000);
CREATE TABLE c2 PARTITION OF c FOR VALUES FROM (1001) TO (2000);
CREATE TABLE c3 PARTITION OF c DEFAULT;
CREATE TABLE d (id bigint PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE d2 PARTITION OF d FOR VALUES FROM (1000) TO (MAXVALUE);
CREATE TABLE d1 PARTITION OF d FOR VALUES FROM (MINVALUE) TO (1000);
-- === part overlap
CREATE TABLE c (id bigint PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE c1 PARTITION OF c FOR VALUES FROM (0) TO (1000);
CREATE TABLE c2 PARTITION OF c FOR VALUES FROM (999) TO (2000); -- FAULT partition-overlap
-- === part overlap list
CREATE TABLE c (k text PRIMARY KEY) PARTITION BY LIST (k);
CREATE TABLE c1 PARTITION OF c FOR VALUES IN ('a', 'b');
CREATE TABLE c2 PARTITION OF c FOR VALUES IN ('b', 'c'); -- FAULT partition-overlap
-- === part overlap hash
CREATE TABLE c (k text PRIMARY KEY) PARTITION BY HASH (k);
CREATE TABLE c1 PARTITION OF c FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE c2 PARTITION OF c FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE c3 PARTITION OF c FOR VALUES WITH (MODULUS 4, REMAINDER 2); -- FAULT partition-overlap
-- === part overlap default
CREATE TABLE c (k text PRIMARY KEY) PARTITION BY LIST (k);
CREATE TABLE c1 PARTITION OF c DEFAULT;
CREATE TABLE c2 PARTITION OF c DEFAULT; -- FAULT partition-overlap
-- === part overlap sqlx
-- --- migrations/1_a.sql
CREATE TABLE c (id bigint, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE c1 PARTITION OF c FOR VALUES FROM ('2024-01-01') TO ('2024-04-01');
-- --- migrations/2_a.sql
CREATE TABLE c2 PARTITION OF c FOR VALUES FROM ('2024-03-31') TO ('2024-07-01'); -- FAULT partition-overlap
-- === hash
CREATE TABLE c (k text PRIMARY KEY) PARTITION BY HASH (k);
CREATE TABLE c1 PARTITION OF c FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE c2 PARTITION OF c FOR VALUES WITH (MODULUS 4, REMAINDER 1);
CREATE TABLE c3 PARTITION OF c FOR VALUES WITH (MODULUS 4, REMAINDER 2); -- FAULT partition-incomplete-hash
-- === hash clean
CREATE TABLE c (k text PRIMARY KEY) PARTITION BY HASH (k);
DO $$ BEGIN
  FOR i IN 0..3 LOOP
    EXECUTE format('CREATE TABLE c_%s PARTITION OF c FOR VALUES WITH (MODULUS 4, REMAINDER %s)', i, i);
  END LOOP;
END $$;
-- === default now lit
CREATE TABLE c (id bigint PRIMARY KEY, at timestamptz DEFAULT 'now'); -- FAULT default-literal-now
-- === default now lit2
ALTER TABLE c ADD COLUMN at timestamptz DEFAULT 'now()'; -- FAULT default-literal-now
-- === default now lit3
CREATE TABLE c (id bigint PRIMARY KEY, d date DEFAULT 'today'::date); -- FAULT default-literal-now
-- === default now lit4
ALTER TABLE c ALTER COLUMN at SET DEFAULT timestamp 'now'; -- FAULT default-literal-now
-- === default now lit5
CREATE TABLE c (id bigint PRIMARY KEY, d date DEFAULT CAST('tomorrow' AS date)); -- FAULT default-literal-now
-- === default now clean
CREATE TABLE c (id bigint PRIMARY KEY, d text DEFAULT 'now', e timestamptz DEFAULT now());
-- === fk type
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id integer NOT NULL REFERENCES p (id)); -- FAULT fk-type-mismatch
CREATE INDEX ON c (p_id);
-- === fk type serial
CREATE TABLE p (id bigserial PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id int NOT NULL REFERENCES p); -- FAULT fk-type-mismatch
CREATE INDEX ON c (p_id);
-- === fk type numeric
CREATE TABLE p (id numeric PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id bigint NOT NULL);
CREATE INDEX ON c (p_id);
ALTER TABLE c ADD FOREIGN KEY (p_id) REFERENCES p (id); -- FAULT fk-type-mismatch
-- === fk type alter
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id int NOT NULL REFERENCES p (id)); -- FAULT fk-type-mismatch
CREATE INDEX ON c (p_id);
ALTER TABLE p ALTER COLUMN id TYPE bigint;
-- === fk type clean
CREATE DOMAIN pid AS bigint;
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id pid NOT NULL REFERENCES p (id));
CREATE INDEX ON c (p_id);
-- === too long
CREATE TABLE c (id bigint PRIMARY KEY, a int);
CREATE INDEX this_is_a_very_long_index_name_that_goes_beyond_the_limit_of_63_bytes_idx ON c (a); -- FAULT identifier-too-long
-- === too long constr
ALTER TABLE c ADD CONSTRAINT customer_subscription_billing_address_country_code_foreign_key_v2 CHECK (a > 0) NOT VALID; -- FAULT identifier-too-long
-- === too long fn
CREATE FUNCTION app.calculate_the_total_amount_of_all_outstanding_invoices_for_a_customer() RETURNS int LANGUAGE sql AS 'SELECT 1'; -- FAULT identifier-too-long
-- === too long quoted utf8
CREATE TABLE "größenübersichtstabellengrößenübersichtstabellengrößenübersicht" (id bigint PRIMARY KEY); -- FAULT identifier-too-long
-- === select star
CREATE VIEW v AS SELECT * FROM t; -- FAULT select-star-view
-- === select star alias
CREATE OR REPLACE VIEW v WITH (security_invoker = true) AS SELECT t.*, u.name FROM t JOIN u USING (id); -- FAULT select-star-view
-- === select star mat
CREATE MATERIALIZED VIEW v AS SELECT * FROM t; -- FAULT select-star-view
-- === select star sub
CREATE VIEW v AS SELECT * FROM (SELECT a, b FROM t) AS x UNION ALL SELECT a, b FROM u; -- FAULT select-star-view
-- === quoted
CREATE TABLE "Orders" (id bigint PRIMARY KEY); -- FAULT quoted-identifier
-- === quoted col
CREATE TABLE o (id bigint PRIMARY KEY, "orderDate" date); -- FAULT quoted-identifier
-- === quoted space
CREATE VIEW v AS SELECT 1 AS "total amount"; -- FAULT quoted-identifier
-- === quoted reserved
CREATE TABLE o (id bigint PRIMARY KEY, "user" text, "order" int); -- FAULT quoted-identifier
-- === rule
CREATE RULE r AS ON DELETE TO t DO INSTEAD UPDATE t SET d = now() WHERE id = OLD.id; -- FAULT rule-on-table
-- === rule2
CREATE OR REPLACE RULE r AS ON INSERT TO app.t DO ALSO NOTIFY x; -- FAULT rule-on-table
-- === inherits
CREATE TABLE c (x int) INHERITS (p); -- FAULT table-inheritance
-- === inherits alter
ALTER TABLE c INHERIT p; -- FAULT table-inheritance
-- === inherits exec
DO $$ BEGIN EXECUTE format('CREATE TABLE %I (CHECK (id > 0)) INHERITS (p)', 'c1'); -- FAULT table-inheritance
END $$;
-- === timestamp by a cast in CREATE TABLE AS
CREATE TABLE a AS
SELECT
    id,
    name,
    note,
    made::timestamp AS made_at -- FAULT timestamp-without-tz
FROM b;
-- === timestamp by a cast in CREATE TABLE AS clean
CREATE TABLE a AS SELECT id, made::timestamptz AS made_at FROM b;
-- === default the word now, read for each row, clean
CREATE TABLE a (id bigint PRIMARY KEY, day date DEFAULT ('now'::text)::date);
-- === default the word now, read once and cast again
CREATE TABLE a (id bigint PRIMARY KEY, day date DEFAULT ('now'::timestamptz)::date); -- FAULT default-literal-now
-- === tenants called accounts
CREATE TABLE account (id uuid PRIMARY KEY);
CREATE TABLE project (
    account_id uuid NOT NULL REFERENCES account (id), id uuid NOT NULL UNIQUE, slug text NOT NULL,
    PRIMARY KEY (account_id, id),



    UNIQUE (slug) -- FAULT unique-not-tenant-scoped
);
CREATE TABLE task (
    account_id uuid NOT NULL REFERENCES account (id), id uuid NOT NULL,
    PRIMARY KEY (account_id, id),



    project_id uuid NOT NULL REFERENCES project (id) -- FAULT fk-not-tenant-scoped
);
-- === members of a team are no tenants' rows, clean
CREATE TABLE person (id bigint PRIMARY KEY, account_id bigint NOT NULL);
CREATE TABLE team (id bigint PRIMARY KEY);
CREATE TABLE member (
    team_id bigint NOT NULL REFERENCES team (id),
    person_id bigint NOT NULL UNIQUE REFERENCES person (id),
    PRIMARY KEY (team_id, person_id)
);
