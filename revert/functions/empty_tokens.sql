-- Revert dsvault:functions/empty_tokens from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.empty_tokens(uuid, uuid[]);
DROP FUNCTION IF EXISTS dsvault_private.token_id(text);

COMMIT;
