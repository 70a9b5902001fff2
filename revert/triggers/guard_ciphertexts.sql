-- Revert dsvault:triggers/guard_ciphertexts from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER IF EXISTS _230_known_key ON dsvault.tokens;
DROP TRIGGER IF EXISTS _230_known_key ON dsvault.records;

COMMIT;
