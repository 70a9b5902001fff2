-- Revert dsvault:policies/lineage_edges from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.lineage_edges
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

DROP POLICY IF EXISTS lineage_edges_definer_delete ON dsvault.lineage_edges;
DROP POLICY IF EXISTS lineage_edges_definer_select ON dsvault.lineage_edges;
DROP POLICY IF EXISTS lineage_edges_auditor_select ON dsvault.lineage_edges;
DROP POLICY IF EXISTS lineage_edges_app_delete ON dsvault.lineage_edges;
DROP POLICY IF EXISTS lineage_edges_app_insert ON dsvault.lineage_edges;
DROP POLICY IF EXISTS lineage_edges_app_select ON dsvault.lineage_edges;
DROP POLICY IF EXISTS tenant_isolation_lineage_edges ON dsvault.lineage_edges;

ALTER TABLE dsvault.lineage_edges NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.lineage_edges DISABLE ROW LEVEL SECURITY;

COMMIT;
