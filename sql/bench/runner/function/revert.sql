BEGIN;

DROP TRIGGER stamp ON bench.things_0;
DROP FUNCTION bench.stamp_0();

COMMIT;
