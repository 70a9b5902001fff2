-- Verify dsvault:triggers/audit_data on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault.datasets triggers',
    dsvault_facts.triggers_of('dsvault.datasets'), ARRAY[
    'CREATE TRIGGER audit_datasets AFTER INSERT ON dsvault.datasets REFERENCING NEW TABLE AS '
    'new_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''dataset'', '
    '''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_datasets_delete AFTER DELETE ON dsvault.datasets REFERENCING OLD TABLE '
    'AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''dataset'', '
    '''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_datasets_truncate AFTER TRUNCATE ON dsvault.datasets FOR EACH '
    'STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''dataset'', ''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_datasets_update AFTER UPDATE ON dsvault.datasets REFERENCING OLD TABLE '
    'AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault.create_audit_log(''dataset'', ''tenant_id'', ''id'')']);

CALL dsvault_facts.must_contain('dsvault.dataset_versions triggers',
    dsvault_facts.triggers_of('dsvault.dataset_versions'), ARRAY[
    'CREATE TRIGGER audit_versions AFTER INSERT ON dsvault.dataset_versions REFERENCING NEW '
    'TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''version'', '
    '''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_versions_delete AFTER DELETE ON dsvault.dataset_versions REFERENCING '
    'OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault.create_audit_log(''version'', ''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_versions_truncate AFTER TRUNCATE ON dsvault.dataset_versions FOR EACH '
    'STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''version'', ''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_versions_update AFTER UPDATE ON dsvault.dataset_versions REFERENCING '
    'OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault.create_audit_log(''version'', ''tenant_id'', ''id'')']);

CALL dsvault_facts.must_contain('dsvault.records triggers',
    dsvault_facts.triggers_of('dsvault.records'), ARRAY[
    'CREATE TRIGGER audit_records AFTER INSERT ON dsvault.records REFERENCING NEW TABLE AS '
    'new_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg_records__audit()',
    'CREATE TRIGGER audit_records_delete AFTER DELETE ON dsvault.records REFERENCING OLD TABLE '
    'AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg_records__audit()',
    'CREATE TRIGGER audit_records_truncate AFTER TRUNCATE ON dsvault.records FOR EACH STATEMENT '
    'EXECUTE FUNCTION dsvault.create_audit_log(''record'')',
    'CREATE TRIGGER audit_records_update AFTER UPDATE ON dsvault.records REFERENCING OLD TABLE '
    'AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault_private.tg_records__audit()']);

CALL dsvault_facts.must_contain('dsvault.tokens triggers',
    dsvault_facts.triggers_of('dsvault.tokens'), ARRAY[
    'CREATE TRIGGER audit_tokens AFTER INSERT ON dsvault.tokens REFERENCING NEW TABLE AS '
    'new_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''token'', '
    '''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_tokens_delete AFTER DELETE ON dsvault.tokens REFERENCING OLD TABLE AS '
    'old_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''token'', '
    '''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_tokens_truncate AFTER TRUNCATE ON dsvault.tokens FOR EACH STATEMENT '
    'EXECUTE FUNCTION dsvault.create_audit_log(''token'', ''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_tokens_update AFTER UPDATE ON dsvault.tokens REFERENCING OLD TABLE AS '
    'old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault.create_audit_log(''token'', ''tenant_id'', ''id'')']);

CALL dsvault_facts.must_contain('dsvault.lineage_edges triggers',
    dsvault_facts.triggers_of('dsvault.lineage_edges'), ARRAY[
    'CREATE TRIGGER audit_lineage AFTER INSERT ON dsvault.lineage_edges REFERENCING NEW TABLE AS '
    'new_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''lineage'', '
    '''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_lineage_delete AFTER DELETE ON dsvault.lineage_edges REFERENCING OLD '
    'TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''lineage'', '
    '''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_lineage_truncate AFTER TRUNCATE ON dsvault.lineage_edges FOR EACH '
    'STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''lineage'', ''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_lineage_update AFTER UPDATE ON dsvault.lineage_edges REFERENCING OLD '
    'TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault.create_audit_log(''lineage'', ''tenant_id'', ''id'')']);

DO $$
DECLARE
    v_without text[] := ARRAY(
        SELECT i.inhrelid::regclass::text
        FROM pg_catalog.pg_inherits AS i
        WHERE i.inhparent = 'dsvault.records'::regclass
            AND NOT dsvault_facts.triggers_of(i.inhrelid) @> ARRAY[pg_catalog.format(
                'CREATE TRIGGER audit_records_truncate AFTER TRUNCATE ON %s FOR EACH STATEMENT '
                'EXECUTE FUNCTION dsvault.create_audit_log(''record'')', i.inhrelid::regclass)]);
BEGIN
    CALL dsvault_facts.must_equal('partitions truncated without an entry', v_without, '{}');
END;
$$;

ROLLBACK;
