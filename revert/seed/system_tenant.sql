-- Revert dsvault:seed/system_tenant from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL row_security = on;

DELETE FROM dsvault.tenants WHERE id = '00000000-0000-0000-0000-000000000000';

COMMIT;
