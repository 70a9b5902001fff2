-- Revert dsvault:functions/my_permissions from pg

BEGIN;

SET LOCAL ROLE dsvault_definer;

DROP FUNCTION IF EXISTS dsvault.my_permissions();

COMMIT;
