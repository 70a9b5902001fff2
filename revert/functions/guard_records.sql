-- Revert dsvault:functions/guard_records from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.tg_records__refuse_by_name();
DROP FUNCTION IF EXISTS dsvault_private.tg_records__frozen();

COMMIT;
