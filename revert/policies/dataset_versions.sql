-- Revert dsvault:policies/dataset_versions from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.dataset_versions
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

DROP POLICY IF EXISTS dataset_versions_definer_delete ON dsvault.dataset_versions;
DROP POLICY IF EXISTS dataset_versions_definer_update ON dsvault.dataset_versions;
DROP POLICY IF EXISTS dataset_versions_definer_select ON dsvault.dataset_versions;
DROP POLICY IF EXISTS dataset_versions_auditor_select ON dsvault.dataset_versions;
DROP POLICY IF EXISTS dataset_versions_app_delete ON dsvault.dataset_versions;
DROP POLICY IF EXISTS dataset_versions_app_update ON dsvault.dataset_versions;
DROP POLICY IF EXISTS dataset_versions_app_insert ON dsvault.dataset_versions;
DROP POLICY IF EXISTS dataset_versions_app_select ON dsvault.dataset_versions;
DROP POLICY IF EXISTS tenant_isolation_dataset_versions ON dsvault.dataset_versions;

ALTER TABLE dsvault.dataset_versions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.dataset_versions DISABLE ROW LEVEL SECURITY;

COMMIT;
