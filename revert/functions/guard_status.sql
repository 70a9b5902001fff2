-- Revert dsvault:functions/guard_status from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.tg__frozen();
DROP FUNCTION IF EXISTS dsvault_private.tg__transition();

COMMIT;
