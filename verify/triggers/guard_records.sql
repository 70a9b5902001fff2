-- Verify dsvault:triggers/guard_records on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault.records triggers',
    dsvault_facts.triggers_of('dsvault.records'), ARRAY[
    'CREATE TRIGGER _200_frozen_delete AFTER DELETE ON dsvault.records REFERENCING OLD TABLE '
    'AS old_rows FOR EACH STATEMENT WHEN ((CURRENT_USER <> ''dsvault_definer''::name)) EXECUTE '
    'FUNCTION dsvault_private.tg_records__frozen()',
    'CREATE TRIGGER _200_frozen_insert AFTER INSERT ON dsvault.records REFERENCING NEW TABLE '
    'AS new_rows FOR EACH STATEMENT WHEN ((CURRENT_USER <> ''dsvault_definer''::name)) EXECUTE '
    'FUNCTION dsvault_private.tg_records__frozen()',
    'CREATE TRIGGER _200_frozen_update AFTER UPDATE ON dsvault.records REFERENCING OLD TABLE '
    'AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT WHEN ((CURRENT_USER <> '
    '''dsvault_definer''::name)) EXECUTE FUNCTION dsvault_private.tg_records__frozen()']);

ROLLBACK;
