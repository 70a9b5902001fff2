-- Deploy dsvault:policies/records to pg
-- requires: tables/records
-- requires: functions/tenant_for
-- requires: roles/dsvault_finder
--
-- Why:    records are seen and written within their tenant, by permission, by the parent table.
-- Locks:  ACCESS EXCLUSIVE on dsvault.records, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.records ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.records FORCE ROW LEVEL SECURITY;

-- The floor below every policy. USING restates records_app_select to the letter: PostgreSQL then
-- asks both at once, where two that differ put a filter between every row and the query.
DROP POLICY IF EXISTS tenant_isolation_records ON dsvault.records;
CREATE POLICY tenant_isolation_records ON dsvault.records AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader
    USING (tenant_id = (SELECT dsvault.tenant_for('version:read')))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_records ON dsvault.records IS
    'No row of another tenant, nor one that may not be read, whatever the other policies say.';

DROP POLICY IF EXISTS tenant_isolation_records_auditor ON dsvault.records;
CREATE POLICY tenant_isolation_records_auditor ON dsvault.records AS RESTRICTIVE FOR ALL
    TO dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_records_auditor ON dsvault.records IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS records_app_select ON dsvault.records;
CREATE POLICY records_app_select ON dsvault.records FOR SELECT
    TO dsvault_app, dsvault_reader
    USING (tenant_id = (SELECT dsvault.tenant_for('version:read')));
COMMENT ON POLICY records_app_select ON dsvault.records IS
    'version:read sees the records of the tenant''s versions.';

DROP POLICY IF EXISTS records_app_insert ON dsvault.records;
CREATE POLICY records_app_insert ON dsvault.records FOR INSERT
    TO dsvault_app
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('version:create')));
COMMENT ON POLICY records_app_insert ON dsvault.records IS
    'version:create writes records.';

DROP POLICY IF EXISTS records_app_delete ON dsvault.records;
CREATE POLICY records_app_delete ON dsvault.records FOR DELETE
    TO dsvault_app
    USING (tenant_id = (SELECT dsvault.tenant_for('version:delete')));
COMMENT ON POLICY records_app_delete ON dsvault.records IS
    'version:delete removes records.';

DROP POLICY IF EXISTS records_definer_select ON dsvault.records;
CREATE POLICY records_definer_select ON dsvault.records FOR SELECT
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY records_definer_select ON dsvault.records IS
    'Definer functions see the records of the tenant they work for.';

DROP POLICY IF EXISTS records_definer_delete ON dsvault.records;
CREATE POLICY records_definer_delete ON dsvault.records FOR DELETE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY records_definer_delete ON dsvault.records IS
    'Retention and erasure remove records of the tenant they work for.';

-- The one who searches by idx_records_pii: where a policy compares the tenant, no index of jsonb is
-- used. Its one function adds the tenant and asks for the permission itself.
DROP POLICY IF EXISTS records_finder_select ON dsvault.records;
-- dsvault: allow SE015 only functions act as the finder, and its one function adds the tenant
CREATE POLICY records_finder_select ON dsvault.records FOR SELECT
    TO dsvault_finder
    USING (true);
COMMENT ON POLICY records_finder_select ON dsvault.records IS
    'The finder searches annotations, and adds the tenant itself.';

REVOKE ALL ON dsvault.records
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer,
        dsvault_finder;
GRANT SELECT ON dsvault.records TO dsvault_app, dsvault_reader;
GRANT INSERT (id, dataset_id, version_id, content_hash, encrypted_data, pii_annotations)
    ON dsvault.records TO dsvault_app;
GRANT DELETE ON dsvault.records TO dsvault_app;
GRANT SELECT, DELETE ON dsvault.records TO dsvault_definer;
-- Neither contents nor their hashes.
GRANT SELECT (id, tenant_id, dataset_id, version_id, pii_annotations)
    ON dsvault.records TO dsvault_finder;
-- No UPDATE: a record is its content.
-- dsvault_auditor, dsvault_operator: no access.

COMMIT;
