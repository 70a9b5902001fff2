-- Revert dsvault:functions/record_changes from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.record_changes(text, text, text[], jsonb[], jsonb[]);

COMMIT;
