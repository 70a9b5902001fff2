-- Revert dsvault:functions/suspend_tenant from pg

BEGIN;

SET LOCAL ROLE dsvault_definer;

DROP FUNCTION IF EXISTS dsvault.resume_tenant(uuid);
DROP FUNCTION IF EXISTS dsvault.suspend_tenant(uuid, text);
DROP FUNCTION IF EXISTS dsvault_private.set_suspension(uuid, text);

COMMIT;
