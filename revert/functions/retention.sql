-- Revert dsvault:functions/retention from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.apply_retention(uuid, integer);

COMMIT;
