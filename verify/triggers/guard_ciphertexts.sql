-- Verify dsvault:triggers/guard_ciphertexts on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault.records triggers',
    dsvault_facts.triggers_of('dsvault.records'), ARRAY[
    'CREATE TRIGGER _230_known_key AFTER INSERT ON dsvault.records REFERENCING NEW TABLE AS '
    'new_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg_records__known_key()']);

CALL dsvault_facts.must_contain('dsvault.tokens triggers',
    dsvault_facts.triggers_of('dsvault.tokens'), ARRAY[
    'CREATE TRIGGER _230_known_key AFTER INSERT ON dsvault.tokens REFERENCING NEW TABLE AS '
    'new_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg_tokens__known_key()']);

ROLLBACK;
