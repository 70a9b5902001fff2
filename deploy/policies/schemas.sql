-- Deploy dsvault:policies/schemas to pg
-- requires: tables/schemas
-- requires: functions/tenant_for
--
-- Why:    definitions are seen and made within their tenant, by permission.
-- Locks:  ACCESS EXCLUSIVE on dsvault.schemas, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.schemas ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.schemas FORCE ROW LEVEL SECURITY;

-- The floor below every policy.
DROP POLICY IF EXISTS tenant_isolation_schemas ON dsvault.schemas;
CREATE POLICY tenant_isolation_schemas ON dsvault.schemas AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_schemas ON dsvault.schemas IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS schemas_app_select ON dsvault.schemas;
CREATE POLICY schemas_app_select ON dsvault.schemas FOR SELECT
    TO dsvault_app, dsvault_reader
    USING (tenant_id = (SELECT dsvault.tenant_for('schema:read')));
COMMENT ON POLICY schemas_app_select ON dsvault.schemas IS
    'schema:read sees the schema definitions of the tenant.';

DROP POLICY IF EXISTS schemas_app_insert ON dsvault.schemas;
CREATE POLICY schemas_app_insert ON dsvault.schemas FOR INSERT
    TO dsvault_app
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('schema:create'))
        AND created_by = (SELECT dsvault.current_user_id()));
COMMENT ON POLICY schemas_app_insert ON dsvault.schemas IS
    'schema:create makes definitions in its holder''s own name.';

DROP POLICY IF EXISTS schemas_app_update ON dsvault.schemas;
CREATE POLICY schemas_app_update ON dsvault.schemas FOR UPDATE
    TO dsvault_app
    USING (tenant_id = (SELECT dsvault.tenant_for('schema:update')))
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('schema:update')));
COMMENT ON POLICY schemas_app_update ON dsvault.schemas IS
    'schema:update changes definitions of the tenant.';

DROP POLICY IF EXISTS schemas_auditor_select ON dsvault.schemas;
CREATE POLICY schemas_auditor_select ON dsvault.schemas FOR SELECT
    TO dsvault_auditor
    USING (tenant_id = (SELECT dsvault.tenant_for('audit:read')));
COMMENT ON POLICY schemas_auditor_select ON dsvault.schemas IS
    'audit:read sees the definitions that data followed.';

DROP POLICY IF EXISTS schemas_definer_select ON dsvault.schemas;
CREATE POLICY schemas_definer_select ON dsvault.schemas FOR SELECT
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY schemas_definer_select ON dsvault.schemas IS
    'Definer functions see the definitions of the tenant they work for.';

DROP POLICY IF EXISTS schemas_definer_delete ON dsvault.schemas;
CREATE POLICY schemas_definer_delete ON dsvault.schemas FOR DELETE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY schemas_definer_delete ON dsvault.schemas IS
    'Erasure removes definitions of the tenant it works for.';

REVOKE ALL ON dsvault.schemas
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;
GRANT SELECT ON dsvault.schemas TO dsvault_app, dsvault_reader, dsvault_auditor;
GRANT INSERT (id, name, version, definition, parent_schema_id, compatibility_mode,
    description, created_by, status)
    ON dsvault.schemas TO dsvault_app;
GRANT UPDATE (definition, description, compatibility_mode, status)
    ON dsvault.schemas TO dsvault_app;
GRANT SELECT, DELETE ON dsvault.schemas TO dsvault_definer;
-- No DELETE: the catalogue of permissions has none for schemas; they are archived.
-- dsvault_operator: no access.

COMMIT;
