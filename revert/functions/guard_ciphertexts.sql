-- Revert dsvault:functions/guard_ciphertexts from pg

BEGIN;

SET LOCAL ROLE dsvault_definer;

DROP FUNCTION IF EXISTS dsvault_private.tg_tokens__known_key();
DROP FUNCTION IF EXISTS dsvault_private.tg_records__known_key();
DROP FUNCTION IF EXISTS dsvault_private.refuse_unknown_keys(uuid[], uuid[], text[]);

COMMIT;
