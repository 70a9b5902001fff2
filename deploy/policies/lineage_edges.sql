-- Deploy dsvault:policies/lineage_edges to pg
-- requires: tables/lineage_edges
-- requires: functions/tenant_for
--
-- Why:    lineage is seen and stated within its tenant, by permission.
-- Locks:  ACCESS EXCLUSIVE on dsvault.lineage_edges, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.lineage_edges ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.lineage_edges FORCE ROW LEVEL SECURITY;

-- The floor below every policy.
DROP POLICY IF EXISTS tenant_isolation_lineage_edges ON dsvault.lineage_edges;
CREATE POLICY tenant_isolation_lineage_edges ON dsvault.lineage_edges AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_lineage_edges ON dsvault.lineage_edges IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS lineage_edges_app_select ON dsvault.lineage_edges;
CREATE POLICY lineage_edges_app_select ON dsvault.lineage_edges FOR SELECT
    TO dsvault_app, dsvault_reader
    USING (tenant_id = (SELECT dsvault.tenant_for('dataset:read')));
COMMENT ON POLICY lineage_edges_app_select ON dsvault.lineage_edges IS
    'dataset:read sees where the tenant''s data came from.';

DROP POLICY IF EXISTS lineage_edges_app_insert ON dsvault.lineage_edges;
CREATE POLICY lineage_edges_app_insert ON dsvault.lineage_edges FOR INSERT
    TO dsvault_app
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('version:create')));
COMMENT ON POLICY lineage_edges_app_insert ON dsvault.lineage_edges IS
    'version:create states where a version came from.';

DROP POLICY IF EXISTS lineage_edges_app_delete ON dsvault.lineage_edges;
CREATE POLICY lineage_edges_app_delete ON dsvault.lineage_edges FOR DELETE
    TO dsvault_app
    USING (tenant_id = (SELECT dsvault.tenant_for('version:delete')));
COMMENT ON POLICY lineage_edges_app_delete ON dsvault.lineage_edges IS
    'version:delete takes such a statement back.';

DROP POLICY IF EXISTS lineage_edges_auditor_select ON dsvault.lineage_edges;
CREATE POLICY lineage_edges_auditor_select ON dsvault.lineage_edges FOR SELECT
    TO dsvault_auditor
    USING (tenant_id = (SELECT dsvault.tenant_for('audit:read')));
COMMENT ON POLICY lineage_edges_auditor_select ON dsvault.lineage_edges IS
    'audit:read sees where data came from.';

DROP POLICY IF EXISTS lineage_edges_definer_select ON dsvault.lineage_edges;
CREATE POLICY lineage_edges_definer_select ON dsvault.lineage_edges FOR SELECT
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY lineage_edges_definer_select ON dsvault.lineage_edges IS
    'Definer functions see the lineage of the tenant they work for.';

DROP POLICY IF EXISTS lineage_edges_definer_delete ON dsvault.lineage_edges;
CREATE POLICY lineage_edges_definer_delete ON dsvault.lineage_edges FOR DELETE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY lineage_edges_definer_delete ON dsvault.lineage_edges IS
    'Erasure removes edges of the tenant it works for.';

REVOKE ALL ON dsvault.lineage_edges
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;
GRANT SELECT ON dsvault.lineage_edges TO dsvault_app, dsvault_reader, dsvault_auditor;
GRANT INSERT (id, source_type, source_id, target_type, target_id, relationship, metadata)
    ON dsvault.lineage_edges TO dsvault_app;
GRANT DELETE ON dsvault.lineage_edges TO dsvault_app;
GRANT SELECT, DELETE ON dsvault.lineage_edges TO dsvault_definer;
-- No UPDATE: another origin is another edge.
-- dsvault_operator: no access.

COMMIT;
