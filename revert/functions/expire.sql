-- Revert dsvault:functions/expire from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.expire(uuid);

COMMIT;
