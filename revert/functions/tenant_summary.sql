-- Revert dsvault:functions/tenant_summary from pg

BEGIN;

SET LOCAL ROLE dsvault_definer;

DROP FUNCTION IF EXISTS dsvault.tenant_summary(uuid);

COMMIT;
