BEGIN;

DROP TABLE bench.things_0;

COMMIT;
