BEGIN;

SELECT 'bench.stamp_0()'::regprocedure;
SELECT 1 / count(*) FROM pg_catalog.pg_trigger WHERE tgrelid = 'bench.things_0'::regclass;

ROLLBACK;
