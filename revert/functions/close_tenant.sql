-- Revert dsvault:functions/close_tenant from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.restore_tenant(uuid);
DROP FUNCTION IF EXISTS dsvault.close_tenant(uuid);

COMMIT;
