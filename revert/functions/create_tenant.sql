-- Revert dsvault:functions/create_tenant from pg

BEGIN;

SET LOCAL ROLE dsvault_definer;

DROP FUNCTION IF EXISTS dsvault.create_tenant(text, text, text, text, bigint, uuid, uuid);
DROP FUNCTION IF EXISTS dsvault_private.copy_role_templates(uuid);

COMMIT;
