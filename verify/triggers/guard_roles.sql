-- Verify dsvault:triggers/guard_roles on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault.user_roles triggers',
    dsvault_facts.triggers_of('dsvault.user_roles'), ARRAY[
    'CREATE TRIGGER _200_bound BEFORE INSERT OR DELETE OR UPDATE ON dsvault.user_roles FOR '
    'EACH ROW WHEN (((CURRENT_USER <> ''dsvault_definer''::name) AND '
    '(current_setting(''is_superuser''::text) = ''off''::text))) EXECUTE FUNCTION '
    'dsvault_private.tg_user_roles__bound()',
    'CREATE TRIGGER _210_keep_admin AFTER DELETE OR UPDATE ON dsvault.user_roles FOR EACH ROW '
    'WHEN ((old.expires_at IS NULL)) EXECUTE FUNCTION '
    'dsvault_private.tg__keep_admin(''user_id'')']);

CALL dsvault_facts.must_contain('dsvault.users triggers',
    dsvault_facts.triggers_of('dsvault.users'), ARRAY[
    'CREATE TRIGGER _210_keep_admin AFTER UPDATE OF status, is_deleted, deleted_at ON '
    'dsvault.users FOR EACH ROW WHEN ((((old.status)::text = ''active''::text) AND (NOT '
    'old.is_deleted) AND (((new.status)::text <> ''active''::text) OR new.is_deleted))) '
    'EXECUTE FUNCTION dsvault_private.tg__keep_admin(''id'')']);

ROLLBACK;
