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
