-- Revert dsvault:triggers/guard_schemas from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER IF EXISTS _210_check ON dsvault.schemas;
DROP TRIGGER IF EXISTS _100_number ON dsvault.schemas;

COMMIT;
