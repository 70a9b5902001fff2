-- Deploy dsvault:triggers/audit_data to pg
-- requires: functions/create_audit_log
-- requires: tables/datasets
-- requires: tables/dataset_versions
-- requires: tables/records
-- requires: tables/tokens
-- requires: tables/lineage_edges
--
-- Why:    every change to datasets and what belongs to them leaves an entry.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.datasets, dataset_versions, records, tokens and
--         lineage_edges, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- Rows that one statement changes come together; PostgreSQL gives them to a trigger of one event.
CREATE OR REPLACE TRIGGER audit_datasets
    AFTER INSERT ON dsvault.datasets REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('dataset', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_datasets_update
    AFTER UPDATE ON dsvault.datasets REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('dataset', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_datasets_delete
    AFTER DELETE ON dsvault.datasets REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('dataset', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_datasets_truncate
    AFTER TRUNCATE ON dsvault.datasets
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('dataset', 'tenant_id', 'id');

CREATE OR REPLACE TRIGGER audit_versions
    AFTER INSERT ON dsvault.dataset_versions REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('version', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_versions_update
    AFTER UPDATE ON dsvault.dataset_versions REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('version', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_versions_delete
    AFTER DELETE ON dsvault.dataset_versions REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('version', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_versions_truncate
    AFTER TRUNCATE ON dsvault.dataset_versions
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('version', 'tenant_id', 'id');

CREATE OR REPLACE TRIGGER audit_records
    AFTER INSERT ON dsvault.records REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg_records__audit();
CREATE OR REPLACE TRIGGER audit_records_update
    AFTER UPDATE ON dsvault.records REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg_records__audit();
CREATE OR REPLACE TRIGGER audit_records_delete
    AFTER DELETE ON dsvault.records REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg_records__audit();
CREATE OR REPLACE TRIGGER audit_records_truncate
    AFTER TRUNCATE ON dsvault.records
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('record');

CREATE OR REPLACE TRIGGER audit_tokens
    AFTER INSERT ON dsvault.tokens REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('token', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_tokens_update
    AFTER UPDATE ON dsvault.tokens REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('token', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_tokens_delete
    AFTER DELETE ON dsvault.tokens REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('token', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_tokens_truncate
    AFTER TRUNCATE ON dsvault.tokens
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('token', 'tenant_id', 'id');

CREATE OR REPLACE TRIGGER audit_lineage
    AFTER INSERT ON dsvault.lineage_edges REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('lineage', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_lineage_update
    AFTER UPDATE ON dsvault.lineage_edges REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('lineage', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_lineage_delete
    AFTER DELETE ON dsvault.lineage_edges REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('lineage', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_lineage_truncate
    AFTER TRUNCATE ON dsvault.lineage_edges
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('lineage', 'tenant_id', 'id');

-- A partition of records that is truncated by its own name fires no trigger of the parent.
DO $$
BEGIN
    FOR i IN 0..15 LOOP
        EXECUTE pg_catalog.format(
            'CREATE OR REPLACE TRIGGER audit_records_truncate AFTER TRUNCATE ON dsvault.%I
                FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''record'')',
            'records_p' || i);
    END LOOP;
END;
$$;

COMMIT;
