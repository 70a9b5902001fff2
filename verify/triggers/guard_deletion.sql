-- Verify dsvault:triggers/guard_deletion on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault.users triggers',
    dsvault_facts.triggers_of('dsvault.users'), ARRAY[
    'CREATE TRIGGER _220_may_delete AFTER UPDATE ON dsvault.users FOR EACH ROW WHEN '
    '(((old.deleted_at IS NULL) AND (new.deleted_at IS NOT NULL) AND (CURRENT_USER <> '
    '''dsvault_definer''::name) AND (current_setting(''is_superuser''::text) = '
    '''off''::text))) EXECUTE FUNCTION dsvault_private.tg__may_delete(''user:delete'')']);

CALL dsvault_facts.must_contain('dsvault.datasets triggers',
    dsvault_facts.triggers_of('dsvault.datasets'), ARRAY[
    'CREATE TRIGGER _220_may_delete AFTER UPDATE ON dsvault.datasets FOR EACH ROW WHEN '
    '(((old.deleted_at IS NULL) AND (new.deleted_at IS NOT NULL) AND (CURRENT_USER <> '
    '''dsvault_definer''::name) AND (current_setting(''is_superuser''::text) = '
    '''off''::text))) EXECUTE FUNCTION dsvault_private.tg__may_delete(''dataset:delete'')']);

ROLLBACK;
