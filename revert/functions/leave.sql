-- Revert dsvault:functions/leave from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.leave();

COMMIT;
