-- Revert dsvault:functions/enter from pg

BEGIN;

SET LOCAL ROLE dsvault_definer;

DROP FUNCTION IF EXISTS dsvault.enter(uuid, uuid);

COMMIT;
