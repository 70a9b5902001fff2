-- Revert dsvault:functions/recount_usage from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.recount_usage(uuid);

COMMIT;
