-- Revert dsvault:functions/key_use from pg

BEGIN;

SET LOCAL ROLE dsvault_definer;

DROP FUNCTION IF EXISTS dsvault.key_use(uuid);

COMMIT;
