-- Verify dsvault:triggers/count_removals on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault.records triggers',
    dsvault_facts.triggers_of('dsvault.records'), ARRAY[
    'CREATE TRIGGER _500_count_removals AFTER DELETE ON dsvault.records REFERENCING OLD TABLE '
    'AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault_private.tg_records__count_removals()']);

CALL dsvault_facts.must_contain('dsvault.tokens triggers',
    dsvault_facts.triggers_of('dsvault.tokens'), ARRAY[
    'CREATE TRIGGER _500_count_removals AFTER DELETE ON dsvault.tokens REFERENCING OLD TABLE '
    'AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault_private.tg_tokens__count_removals()']);

ROLLBACK;
