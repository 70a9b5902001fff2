-- Revert dsvault:functions/permission_catalogue from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.permission_catalogue();

COMMIT;
