-- Revert dsvault:functions/current_tenant_id from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.current_tenant_id();

COMMIT;
