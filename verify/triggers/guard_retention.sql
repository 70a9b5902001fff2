-- Verify dsvault:triggers/guard_retention on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault.datasets triggers',
    dsvault_facts.triggers_of('dsvault.datasets'), ARRAY[
    'CREATE TRIGGER _240_retained_delete BEFORE DELETE ON dsvault.datasets FOR EACH ROW WHEN '
    '((CURRENT_USER <> ''dsvault_definer''::name)) EXECUTE FUNCTION '
    'dsvault_private.tg_datasets__retained()',
    'CREATE TRIGGER _240_retained_update AFTER UPDATE ON dsvault.datasets FOR EACH ROW WHEN '
    '(((old.deleted_at IS NULL) AND (new.deleted_at IS NOT NULL))) EXECUTE FUNCTION '
    'dsvault_private.tg_datasets__retained()']);

CALL dsvault_facts.must_contain('dsvault.dataset_versions triggers',
    dsvault_facts.triggers_of('dsvault.dataset_versions'), ARRAY[
    'CREATE TRIGGER _240_retained_delete AFTER DELETE ON dsvault.dataset_versions REFERENCING '
    'OLD TABLE AS old_rows FOR EACH STATEMENT WHEN ((CURRENT_USER <> '
    '''dsvault_definer''::name)) EXECUTE FUNCTION dsvault_private.tg_versions__retained()']);

CALL dsvault_facts.must_contain('dsvault.records triggers',
    dsvault_facts.triggers_of('dsvault.records'), ARRAY[
    'CREATE TRIGGER _240_retained_delete AFTER DELETE ON dsvault.records REFERENCING OLD TABLE '
    'AS old_rows FOR EACH STATEMENT WHEN ((CURRENT_USER <> ''dsvault_definer''::name)) EXECUTE '
    'FUNCTION dsvault_private.tg_records__retained()']);

ROLLBACK;
