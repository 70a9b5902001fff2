-- Verify dsvault:triggers/guard_audit on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault.audit_logs triggers',
    dsvault_facts.triggers_of('dsvault.audit_logs'), ARRAY[
    'CREATE TRIGGER _200_refuse BEFORE DELETE OR UPDATE ON dsvault.audit_logs FOR EACH ROW '
    'EXECUTE FUNCTION dsvault_private.tg_audit_logs__refuse()',
    'CREATE TRIGGER _200_refuse_truncate BEFORE TRUNCATE ON dsvault.audit_logs FOR EACH '
    'STATEMENT EXECUTE FUNCTION dsvault_private.tg__refuse_truncate()']);

-- Every partition refuses by its own name, also those that maintenance made.
DO $$
DECLARE
    v_without text[] := ARRAY(
        SELECT i.inhrelid::regclass::text
        FROM pg_catalog.pg_inherits AS i
        WHERE i.inhparent = 'dsvault.audit_logs'::regclass
            AND NOT dsvault_facts.triggers_of(i.inhrelid) @> ARRAY[pg_catalog.format(
                'CREATE TRIGGER _200_refuse_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT '
                'EXECUTE FUNCTION dsvault_private.tg__refuse_truncate()', i.inhrelid::regclass)]);
BEGIN
    CALL dsvault_facts.must_equal('partitions that can be truncated', v_without, '{}');
END;
$$;

ROLLBACK;
