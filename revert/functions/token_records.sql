-- Revert dsvault:functions/token_records from pg

BEGIN;

SET LOCAL ROLE dsvault_finder;

DROP FUNCTION IF EXISTS dsvault.token_records(text);

COMMIT;
