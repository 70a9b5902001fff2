-- Revert dsvault:functions/tenant_for from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.tenant_for(text);

COMMIT;
