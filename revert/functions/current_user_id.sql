-- Revert dsvault:functions/current_user_id from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.current_user_id();

COMMIT;
