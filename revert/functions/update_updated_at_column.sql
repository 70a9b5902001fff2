-- Revert dsvault:functions/update_updated_at_column from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.update_updated_at_column();

COMMIT;
