-- Revert dsvault:functions/deleted_rows from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.deleted_users();
DROP FUNCTION IF EXISTS dsvault.deleted_datasets();

COMMIT;
