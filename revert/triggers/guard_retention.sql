-- Revert dsvault:triggers/guard_retention from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER IF EXISTS _240_retained_delete ON dsvault.records;
DROP TRIGGER IF EXISTS _240_retained_delete ON dsvault.dataset_versions;
DROP TRIGGER IF EXISTS _240_retained_update ON dsvault.datasets;
DROP TRIGGER IF EXISTS _240_retained_delete ON dsvault.datasets;

COMMIT;
