-- Revert dsvault:functions/find_user from pg

BEGIN;

SET LOCAL ROLE dsvault_definer;

DROP FUNCTION IF EXISTS dsvault.find_user(uuid, text);

COMMIT;
