-- Revert dsvault:functions/retention_due from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.retention_due(uuid);

COMMIT;
