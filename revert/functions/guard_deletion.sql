-- Revert dsvault:functions/guard_deletion from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.tg__may_delete();

COMMIT;
