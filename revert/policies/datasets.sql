-- Revert dsvault:policies/datasets from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.datasets
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

DROP POLICY IF EXISTS datasets_definer_update ON dsvault.datasets;
DROP POLICY IF EXISTS datasets_definer_delete ON dsvault.datasets;
DROP POLICY IF EXISTS datasets_definer_select ON dsvault.datasets;
DROP POLICY IF EXISTS datasets_auditor_select ON dsvault.datasets;
DROP POLICY IF EXISTS dataset_delete_policy ON dsvault.datasets;
DROP POLICY IF EXISTS dataset_write_policy ON dsvault.datasets;
DROP POLICY IF EXISTS datasets_app_insert ON dsvault.datasets;
DROP POLICY IF EXISTS dataset_read_policy ON dsvault.datasets;
DROP POLICY IF EXISTS tenant_isolation_datasets_auditor ON dsvault.datasets;
DROP POLICY IF EXISTS tenant_isolation_datasets ON dsvault.datasets;

ALTER TABLE dsvault.datasets NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.datasets DISABLE ROW LEVEL SECURITY;

COMMIT;
