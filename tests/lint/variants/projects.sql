-- === a narrower type that nobody announces
-- --- sqitch.plan
%syntax-version=1.0.0
%project=p

a 2026-01-01T00:00:00Z X <x@example.org> # A.
b [a] 2026-01-02T00:00:00Z X <x@example.org> # B.
-- --- deploy/a.sql
CREATE TABLE public.a (id bigint PRIMARY KEY, note text NOT NULL, made timestamptz NOT NULL);
-- --- revert/a.sql
DROP TABLE public.a;
-- --- verify/a.sql
SELECT id, note, made FROM public.a WHERE false;
-- --- deploy/b.sql
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE public.a ALTER COLUMN made TYPE date; -- FAULT irreversible-change
COMMIT;
-- --- revert/b.sql
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE public.a ALTER COLUMN made TYPE timestamptz;
COMMIT;
-- --- verify/b.sql
SELECT 1 / count(*) FROM pg_attribute
WHERE attrelid = 'public.a'::regclass AND attname = 'made' AND atttypid = 'date'::regtype;
-- === a narrower type whose loss the header tells
-- --- migrations/1_a.up.sql
CREATE TABLE a (id bigint PRIMARY KEY, note text NOT NULL);
-- --- migrations/1_a.down.sql
DROP TABLE a;
-- === missing dependency on type used in function signature
-- --- sqitch.plan
%syntax-version=1.0.0
%project=lib

kinds 2026-01-01T00:00:00Z X <x@example.org> # K.
other 2026-01-02T00:00:00Z X <x@example.org> # O.
fn [other] 2026-01-03T00:00:00Z X <x@example.org> # F.
-- --- deploy/kinds.sql
CREATE TYPE public.kind AS ENUM ('a', 'b');
-- --- revert/kinds.sql
DROP TYPE public.kind;
-- --- verify/kinds.sql
SELECT 'a'::public.kind;
-- --- deploy/other.sql
CREATE TABLE public.o (id bigint PRIMARY KEY);
-- --- revert/other.sql
DROP TABLE public.o;
-- --- verify/other.sql
SELECT id FROM public.o WHERE false;
-- --- deploy/fn.sql
CREATE FUNCTION public.label(k public.kind) RETURNS text LANGUAGE sql STABLE -- FAULT undeclared-dependency
AS 'SELECT k::text';
-- --- revert/fn.sql
DROP FUNCTION public.label(public.kind);
-- --- verify/fn.sql
SELECT public.label(NULL);
-- === down does not undo policy
-- --- migrations/20240101000000_a.up.sql
CREATE TABLE public.a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
-- --- migrations/20240101000000_a.down.sql
DROP TABLE public.a;
-- --- migrations/20240102000000_b.up.sql
SET lock_timeout = '1s';
ALTER TABLE public.a ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.a FORCE ROW LEVEL SECURITY;
CREATE POLICY a_r ON public.a FOR SELECT TO app_user USING (tenant_id = (SELECT app.tenant()));
-- --- migrations/20240102000000_b.down.sql
SET lock_timeout = '1s';
DROP POLICY a_r ON public.a; -- FAULT revert-does-not-undo
ALTER TABLE public.a NO FORCE ROW LEVEL SECURITY;
-- === revert leaves grant
-- --- sqitch.plan
%syntax-version=1.0.0
%project=lib

f 2026-01-02T00:00:00Z X <x@example.org> # B.
g [f] 2026-01-02T00:00:00Z X <x@example.org> # B.
-- --- deploy/f.sql
CREATE TABLE public.f (id bigint PRIMARY KEY, note text);
-- --- revert/f.sql
DROP TABLE public.f;
-- --- verify/f.sql
SELECT id, note FROM public.f WHERE false;
-- --- deploy/g.sql
GRANT SELECT, INSERT ON public.f TO clerk;
-- --- revert/g.sql
REVOKE INSERT ON public.f FROM clerk; -- FAULT revert-does-not-undo
-- --- verify/g.sql
SELECT 1 / has_table_privilege('clerk', 'public.f', 'select,insert')::int;
-- === clean revert plan
-- --- sqitch.plan
%syntax-version=1.0.0
%project=lib

schema 2026-01-01T00:00:00Z X <x@example.org> # S.
kinds [schema] 2026-01-01T00:00:01Z X <x@example.org> # K.
items [kinds] 2026-01-01T00:00:02Z X <x@example.org> # I.
touch [items] 2026-01-01T00:00:03Z X <x@example.org> # T.
-- --- deploy/schema.sql
BEGIN;
CREATE SCHEMA inv;
COMMIT;
-- --- revert/schema.sql
BEGIN;
DROP SCHEMA inv;
COMMIT;
-- --- verify/schema.sql
BEGIN;
SELECT pg_catalog.has_schema_privilege('inv', 'usage');
ROLLBACK;
-- --- deploy/kinds.sql
BEGIN;
CREATE TYPE inv.kind AS ENUM ('tool', 'part');
COMMIT;
-- --- revert/kinds.sql
BEGIN;
DROP TYPE inv.kind;
COMMIT;
-- --- verify/kinds.sql
BEGIN;
SELECT 'tool'::inv.kind, 'part'::inv.kind;
ROLLBACK;
-- --- deploy/items.sql
BEGIN;
CREATE TABLE inv.items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind inv.kind NOT NULL,
    name text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX items_kind_name_idx ON inv.items (kind, name);
COMMIT;
-- --- revert/items.sql
BEGIN;
DROP TABLE inv.items;
COMMIT;
-- --- verify/items.sql
BEGIN;
SELECT id, kind, name, changed_at FROM inv.items WHERE FALSE;
SELECT 1 / count(*) FROM pg_catalog.pg_class WHERE oid = 'inv.items_kind_name_idx'::regclass;
ROLLBACK;
-- --- deploy/touch.sql
BEGIN;
SET LOCAL lock_timeout = '2s';
CREATE FUNCTION inv.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := now();
    RETURN NEW;
END;
$$;
CREATE TRIGGER items_touch BEFORE UPDATE ON inv.items FOR EACH ROW EXECUTE FUNCTION inv.touch();
COMMIT;
-- --- revert/touch.sql
BEGIN;
SET LOCAL lock_timeout = '2s';
DROP TRIGGER items_touch ON inv.items;
DROP FUNCTION inv.touch();
COMMIT;
-- --- verify/touch.sql
BEGIN;
SELECT 1 / count(*) FROM pg_catalog.pg_trigger WHERE tgrelid = 'inv.items'::regclass AND tgname = 'items_touch';
SELECT pg_catalog.has_function_privilege('inv.touch()', 'execute');
ROLLBACK;
-- === revert forgets type
-- --- sqitch.plan
%syntax-version=1.0.0
%project=m

a 2026-01-02T00:00:00Z X <x@example.org> # B.
-- --- deploy/a.sql
BEGIN;
CREATE TYPE public.mood AS ENUM ('ok', 'bad');
CREATE TABLE public.a (id bigint PRIMARY KEY, mood public.mood NOT NULL);
COMMIT;
-- --- revert/a.sql
BEGIN;
DROP TABLE public.a; -- FAULT revert-does-not-undo
COMMIT;
-- --- verify/a.sql
SELECT id, mood FROM public.a WHERE false;
-- === revert forgets default change
-- --- sqitch.plan
%syntax-version=1.0.0
%project=m

a 2026-01-02T00:00:00Z X <x@example.org> # B.
b [a] 2026-01-02T00:00:01Z X <x@example.org> # B.
-- --- deploy/a.sql
CREATE TABLE public.a (id bigint PRIMARY KEY, code text NOT NULL DEFAULT 'x');
-- --- revert/a.sql
DROP TABLE public.a;
-- --- verify/a.sql
SELECT id, code FROM public.a WHERE false;
-- --- deploy/b.sql
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE public.a ALTER COLUMN code SET DEFAULT 'y', ADD COLUMN n integer;
COMMIT;
-- --- revert/b.sql
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE public.a DROP COLUMN n; -- FAULT revert-does-not-undo
COMMIT;
-- --- verify/b.sql
SELECT n FROM public.a WHERE false;
SELECT 1 / count(*) FROM pg_attrdef WHERE adrelid = 'public.a'::regclass AND pg_get_expr(adbin, adrelid) = '''y''::text';
-- === verify with exception swallowed
-- --- sqitch.plan
%syntax-version=1.0.0
%project=m

a 2026-01-02T00:00:00Z X <x@example.org> # B.
-- --- deploy/a.sql
CREATE TABLE public.a (id bigint PRIMARY KEY);
-- --- revert/a.sql
DROP TABLE public.a;
-- --- verify/a.sql
DO $$
BEGIN
    PERFORM id FROM public.a WHERE false;
EXCEPTION WHEN undefined_table THEN
    RAISE NOTICE 'a is not there'; -- FAULT verify-cannot-fail
END
$$;
-- === dependency through policy's role
-- --- sqitch.plan
%syntax-version=1.0.0
%project=m

roles 2026-01-02T00:00:00Z X <x@example.org> # B.
tab 2026-01-02T00:00:01Z X <x@example.org> # B.
-- --- deploy/roles.sql
CREATE ROLE clerk NOLOGIN;
-- --- revert/roles.sql
DROP ROLE clerk;
-- --- verify/roles.sql
SELECT 1 / count(*) FROM pg_roles WHERE rolname = 'clerk';
-- --- deploy/tab.sql
CREATE TABLE public.tab (id bigint PRIMARY KEY, at timestamptz);
GRANT SELECT ON public.tab TO clerk; -- FAULT undeclared-dependency
-- --- revert/tab.sql
DROP TABLE public.tab;
-- --- verify/tab.sql
SELECT id, at FROM public.tab WHERE false;
-- === revert drops wrong object type
-- --- sqitch.plan
%syntax-version=1.0.0
%project=m

a 2026-01-02T00:00:00Z X <x@example.org> # B.
-- --- deploy/a.sql
CREATE MATERIALIZED VIEW public.mv AS SELECT 1 AS a;
-- --- revert/a.sql
DROP VIEW public.mv; -- FAULT revert-fails
-- --- verify/a.sql
SELECT a FROM public.mv WHERE false;
-- === revert drops schema still full
-- --- sqitch.plan
%syntax-version=1.0.0
%project=m

a 2026-01-02T00:00:00Z X <x@example.org> # B.
-- --- deploy/a.sql
BEGIN;
CREATE SCHEMA z;
CREATE TABLE z.t (id bigint PRIMARY KEY);
COMMIT;
-- --- revert/a.sql
BEGIN;
DROP SCHEMA z; -- FAULT revert-fails
DROP TABLE z.t;
COMMIT;
-- --- verify/a.sql
SELECT id FROM z.t WHERE false;
-- === revert-fails procedure dropped as a function
-- --- sqitch.plan
%syntax-version=1.0.0
%project=p

a 2026-01-01T00:00:00Z X <x@example.org> # A.
-- --- deploy/a.sql
CREATE PROCEDURE public.tidy() LANGUAGE sql AS 'SELECT 1';
-- --- revert/a.sql
DROP FUNCTION public.tidy(); -- FAULT revert-fails
-- --- verify/a.sql
SELECT has_function_privilege('public.tidy()', 'execute');
-- === verify divides by a count and one more
-- --- sqitch.plan
%syntax-version=1.0.0
%project=p

a 2026-01-01T00:00:00Z A <a@example.org> # a
-- --- deploy/a.sql
CREATE TABLE a (id bigint PRIMARY KEY);
-- --- revert/a.sql
DROP TABLE a;
-- --- verify/a.sql
SELECT 1 / (1 + count(*)) FROM pg_class WHERE relname = 'a'; -- FAULT verify-cannot-fail
-- === verify divides by nullif
-- --- sqitch.plan
%syntax-version=1.0.0
%project=p

a 2026-01-01T00:00:00Z A <a@example.org> # a
-- --- deploy/a.sql
CREATE TABLE a (id bigint PRIMARY KEY);
-- --- revert/a.sql
DROP TABLE a;
-- --- verify/a.sql
SELECT 1 / nullif(count(*), 0) FROM pg_class WHERE relname = 'a'; -- FAULT verify-cannot-fail
-- === verify divides by greatest
-- --- sqitch.plan
%syntax-version=1.0.0
%project=p

a 2026-01-01T00:00:00Z A <a@example.org> # a
-- --- deploy/a.sql
CREATE TABLE a (id bigint PRIMARY KEY);
-- --- revert/a.sql
DROP TABLE a;
-- --- verify/a.sql
SELECT 1 / greatest(count(*), 1) FROM pg_class WHERE relname = 'a'; -- FAULT verify-cannot-fail
-- === verify divides by a count less one, clean
-- --- sqitch.plan
%syntax-version=1.0.0
%project=p

a 2026-01-01T00:00:00Z A <a@example.org> # a
-- --- deploy/a.sql
CREATE TABLE a (id bigint PRIMARY KEY);
-- --- revert/a.sql
DROP TABLE a;
-- --- verify/a.sql
SELECT 1 / (count(*) - 1 + 1) FROM pg_class WHERE relname = 'a';
