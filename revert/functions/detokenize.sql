-- Revert dsvault:functions/detokenize from pg

BEGIN;

SET LOCAL ROLE dsvault_definer;

DROP FUNCTION IF EXISTS dsvault.count_token_accesses(integer);
DROP FUNCTION IF EXISTS dsvault.forget_tokens(uuid[], text);
DROP FUNCTION IF EXISTS dsvault.detokenize(uuid[], text);

COMMIT;
