-- Revert dsvault:triggers/audit_data from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DO $$
BEGIN
    FOR i IN 0..15 LOOP
        EXECUTE pg_catalog.format(
            'DROP TRIGGER IF EXISTS audit_records_truncate ON dsvault.%I', 'records_p' || i);
    END LOOP;
END;
$$;
DROP TRIGGER IF EXISTS audit_lineage_truncate ON dsvault.lineage_edges;
DROP TRIGGER IF EXISTS audit_lineage_delete ON dsvault.lineage_edges;
DROP TRIGGER IF EXISTS audit_lineage_update ON dsvault.lineage_edges;
DROP TRIGGER IF EXISTS audit_lineage ON dsvault.lineage_edges;
DROP TRIGGER IF EXISTS audit_tokens_truncate ON dsvault.tokens;
DROP TRIGGER IF EXISTS audit_tokens_delete ON dsvault.tokens;
DROP TRIGGER IF EXISTS audit_tokens_update ON dsvault.tokens;
DROP TRIGGER IF EXISTS audit_tokens ON dsvault.tokens;
DROP TRIGGER IF EXISTS audit_records_truncate ON dsvault.records;
DROP TRIGGER IF EXISTS audit_records_delete ON dsvault.records;
DROP TRIGGER IF EXISTS audit_records_update ON dsvault.records;
DROP TRIGGER IF EXISTS audit_records ON dsvault.records;
DROP TRIGGER IF EXISTS audit_versions_truncate ON dsvault.dataset_versions;
DROP TRIGGER IF EXISTS audit_versions_delete ON dsvault.dataset_versions;
DROP TRIGGER IF EXISTS audit_versions_update ON dsvault.dataset_versions;
DROP TRIGGER IF EXISTS audit_versions ON dsvault.dataset_versions;
DROP TRIGGER IF EXISTS audit_datasets_truncate ON dsvault.datasets;
DROP TRIGGER IF EXISTS audit_datasets_delete ON dsvault.datasets;
DROP TRIGGER IF EXISTS audit_datasets_update ON dsvault.datasets;
DROP TRIGGER IF EXISTS audit_datasets ON dsvault.datasets;

COMMIT;
