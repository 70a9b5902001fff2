-- Revert dsvault:functions/held_tenants from pg

BEGIN;

SET LOCAL ROLE dsvault_definer;

DROP FUNCTION IF EXISTS dsvault_private.held_tenants(uuid[]);
DROP FUNCTION IF EXISTS dsvault_private.legal_holds(uuid);
DROP FUNCTION IF EXISTS dsvault_private.is_tenant_held(uuid);

COMMIT;
