-- Revert dsvault:functions/drop_expired_tokens from pg

BEGIN;

SET LOCAL ROLE dsvault_definer;

DROP FUNCTION IF EXISTS dsvault.drop_expired_tokens(uuid[]);

COMMIT;
