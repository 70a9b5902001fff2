-- Revert dsvault:functions/erase_tenant from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.erase_tenant(uuid,text,integer);

COMMIT;
