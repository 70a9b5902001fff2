BEGIN;

SELECT id, tenant, name, created_at FROM bench.things_0 WHERE false;

ROLLBACK;
