-- Revert dsvault:functions/soft_delete from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.soft_delete();

COMMIT;
