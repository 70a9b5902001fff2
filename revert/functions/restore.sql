-- Revert dsvault:functions/restore from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.restore_user(uuid);
DROP FUNCTION IF EXISTS dsvault.restore_dataset(uuid,text);

COMMIT;
