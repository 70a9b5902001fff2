BEGIN;

SELECT 1 / count(*) FROM pg_catalog.pg_policy WHERE polrelid = 'bench.things_0'::regclass;

ROLLBACK;
