-- Verify dsvault:triggers/guard_schemas on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault.schemas triggers',
    dsvault_facts.triggers_of('dsvault.schemas'), ARRAY[
    'CREATE TRIGGER _100_number BEFORE INSERT ON dsvault.schemas FOR EACH ROW WHEN '
    '((new.version = 1)) EXECUTE FUNCTION dsvault_private.tg_schemas__number()',
    'CREATE TRIGGER _210_check AFTER INSERT OR UPDATE ON dsvault.schemas FOR EACH ROW WHEN '
    '((new.parent_schema_id IS NOT NULL)) EXECUTE FUNCTION dsvault_private.tg_schemas__check()']);

ROLLBACK;
