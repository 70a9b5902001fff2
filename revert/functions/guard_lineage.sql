-- Revert dsvault:functions/guard_lineage from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.tg_lineage_edges__acyclic();
DROP FUNCTION IF EXISTS dsvault_private.tg_lineage_edges__ends();

COMMIT;
