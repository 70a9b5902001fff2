-- Revert dsvault:tables/lineage_edges from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TABLE IF EXISTS dsvault.lineage_edges;

COMMIT;
