-- Revert dsvault:triggers/guard_records from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER IF EXISTS _200_frozen_delete ON dsvault.records;
DROP TRIGGER IF EXISTS _200_frozen_update ON dsvault.records;
DROP TRIGGER IF EXISTS _200_frozen_insert ON dsvault.records;

COMMIT;
