-- Revert dsvault:functions/upgrade_system_roles from pg

BEGIN;

SET LOCAL ROLE dsvault_definer;

DROP FUNCTION IF EXISTS dsvault.upgrade_system_roles(uuid);

COMMIT;
