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

DO $$
DECLARE
    v_without text[] := ARRAY(
        SELECT i.inhrelid::regclass::text
        FROM pg_catalog.pg_inherits AS i
        WHERE i.inhparent = 'dsvault.records'::regclass
            AND NOT dsvault_facts.triggers_of(i.inhrelid) @> ARRAY[pg_catalog.format(
                'CREATE TRIGGER _200_refuse_by_name BEFORE INSERT OR DELETE OR UPDATE ON %s FOR '
                'EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg_records__refuse_by_name()',
                i.inhrelid::regclass)]);
BEGIN
    CALL dsvault_facts.must_equal('partitions written to by name', v_without, '{}');
END;
$$;

ROLLBACK;
