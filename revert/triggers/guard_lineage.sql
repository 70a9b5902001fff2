-- Revert dsvault:triggers/guard_lineage from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER IF EXISTS _210_acyclic_update ON dsvault.lineage_edges;
DROP TRIGGER IF EXISTS _210_acyclic_insert ON dsvault.lineage_edges;
DROP TRIGGER IF EXISTS _200_ends_update ON dsvault.lineage_edges;
DROP TRIGGER IF EXISTS _200_ends_insert ON dsvault.lineage_edges;

COMMIT;
