-- Deploy dsvault:policies/dataset_versions to pg
-- requires: tables/dataset_versions
-- requires: functions/tenant_for
--
-- Why:    versions are seen and made within their tenant, by permission.
-- Locks:  ACCESS EXCLUSIVE on dsvault.dataset_versions, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.dataset_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.dataset_versions FORCE ROW LEVEL SECURITY;

-- The floor below every policy.
DROP POLICY IF EXISTS tenant_isolation_dataset_versions ON dsvault.dataset_versions;
CREATE POLICY tenant_isolation_dataset_versions ON dsvault.dataset_versions AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_dataset_versions ON dsvault.dataset_versions IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS dataset_versions_app_select ON dsvault.dataset_versions;
CREATE POLICY dataset_versions_app_select ON dsvault.dataset_versions FOR SELECT
    TO dsvault_app, dsvault_reader
    USING (tenant_id = (SELECT dsvault.tenant_for('version:read')));
COMMENT ON POLICY dataset_versions_app_select ON dsvault.dataset_versions IS
    'version:read sees the versions of the tenant''s datasets.';

DROP POLICY IF EXISTS dataset_versions_app_insert ON dsvault.dataset_versions;
CREATE POLICY dataset_versions_app_insert ON dsvault.dataset_versions FOR INSERT
    TO dsvault_app
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('version:create'))
        AND author_id = (SELECT dsvault.current_user_id())
        AND (status = 'draft' OR (SELECT dsvault.tenant_for('version:publish')) IS NOT NULL));
COMMENT ON POLICY dataset_versions_app_insert ON dsvault.dataset_versions IS
    'version:create makes drafts in its holder''s own name; version:publish is needed for more.';

DROP POLICY IF EXISTS dataset_versions_app_update ON dsvault.dataset_versions;
CREATE POLICY dataset_versions_app_update ON dsvault.dataset_versions FOR UPDATE
    TO dsvault_app
    USING (tenant_id = (SELECT dsvault.tenant_for('tenant:member'))
        AND ((SELECT dsvault.tenant_for('version:publish')) IS NOT NULL
            OR (status = 'draft' AND (SELECT dsvault.tenant_for('version:create')) IS NOT NULL)))
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('tenant:member'))
        AND ((SELECT dsvault.tenant_for('version:publish')) IS NOT NULL
            OR (status = 'draft' AND (SELECT dsvault.tenant_for('version:create')) IS NOT NULL)));
COMMENT ON POLICY dataset_versions_app_update ON dsvault.dataset_versions IS
    'version:create works on drafts; version:publish also publishes and archives.';

DROP POLICY IF EXISTS dataset_versions_app_delete ON dsvault.dataset_versions;
CREATE POLICY dataset_versions_app_delete ON dsvault.dataset_versions FOR DELETE
    TO dsvault_app
    USING (tenant_id = (SELECT dsvault.tenant_for('version:delete')));
COMMENT ON POLICY dataset_versions_app_delete ON dsvault.dataset_versions IS
    'version:delete removes versions.';

DROP POLICY IF EXISTS dataset_versions_auditor_select ON dsvault.dataset_versions;
CREATE POLICY dataset_versions_auditor_select ON dsvault.dataset_versions FOR SELECT
    TO dsvault_auditor
    USING (tenant_id = (SELECT dsvault.tenant_for('audit:read')));
COMMENT ON POLICY dataset_versions_auditor_select ON dsvault.dataset_versions IS
    'audit:read sees which versions there are.';

DROP POLICY IF EXISTS dataset_versions_definer_select ON dsvault.dataset_versions;
CREATE POLICY dataset_versions_definer_select ON dsvault.dataset_versions FOR SELECT
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY dataset_versions_definer_select ON dsvault.dataset_versions IS
    'Definer functions see the versions of the tenant they work for.';

DROP POLICY IF EXISTS dataset_versions_definer_update ON dsvault.dataset_versions;
CREATE POLICY dataset_versions_definer_update ON dsvault.dataset_versions FOR UPDATE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY dataset_versions_definer_update ON dsvault.dataset_versions IS
    'Definer functions lock and archive versions of the tenant they work for.';

DROP POLICY IF EXISTS dataset_versions_definer_delete ON dsvault.dataset_versions;
CREATE POLICY dataset_versions_definer_delete ON dsvault.dataset_versions FOR DELETE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY dataset_versions_definer_delete ON dsvault.dataset_versions IS
    'Retention and erasure remove versions of the tenant they work for.';

REVOKE ALL ON dsvault.dataset_versions
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;
GRANT SELECT ON dsvault.dataset_versions TO dsvault_app, dsvault_reader, dsvault_auditor;
GRANT INSERT (id, dataset_id, version_number, parent_version_id, commit_id, tree_hash, message,
    author_id, status, record_count, size_bytes, storage_path, manifest_hash, metadata)
    ON dsvault.dataset_versions TO dsvault_app;
GRANT UPDATE (commit_id, tree_hash, message, status, record_count, size_bytes, storage_path,
    manifest_hash, metadata)
    ON dsvault.dataset_versions TO dsvault_app;
GRANT DELETE ON dsvault.dataset_versions TO dsvault_app;
GRANT SELECT, DELETE ON dsvault.dataset_versions TO dsvault_definer;
GRANT UPDATE (status) ON dsvault.dataset_versions TO dsvault_definer;
-- dsvault_operator: no access.

COMMIT;
