-- Revert dsvault:triggers/track_usage from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER IF EXISTS _500_usage_delete ON dsvault.dataset_versions;
DROP TRIGGER IF EXISTS _500_usage_update ON dsvault.dataset_versions;
DROP TRIGGER IF EXISTS _500_usage_insert ON dsvault.dataset_versions;

COMMIT;
