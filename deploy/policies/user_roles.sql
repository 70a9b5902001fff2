-- Deploy dsvault:policies/user_roles to pg
-- requires: tables/user_roles
-- requires: functions/tenant_for
--
-- Why:    roles are granted by those who may, to others, never beyond what they hold.
-- Locks:  ACCESS EXCLUSIVE on dsvault.user_roles, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.user_roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.user_roles FORCE ROW LEVEL SECURITY;

-- The floor below every policy.
DROP POLICY IF EXISTS tenant_isolation_user_roles ON dsvault.user_roles;
CREATE POLICY tenant_isolation_user_roles ON dsvault.user_roles AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_user_roles ON dsvault.user_roles IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS user_roles_app_select ON dsvault.user_roles;
CREATE POLICY user_roles_app_select ON dsvault.user_roles FOR SELECT
    TO dsvault_app, dsvault_reader
    USING (tenant_id = (SELECT dsvault.tenant_for('tenant:member'))
        AND ((SELECT dsvault.tenant_for('role:read')) IS NOT NULL
            OR user_id = (SELECT dsvault.current_user_id())));
COMMENT ON POLICY user_roles_app_select ON dsvault.user_roles IS
    'A user sees his own grants; with role:read he sees all of the tenant.';

DROP POLICY IF EXISTS user_roles_app_insert ON dsvault.user_roles;
CREATE POLICY user_roles_app_insert ON dsvault.user_roles FOR INSERT
    TO dsvault_app
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('role:update'))
        AND user_id <> (SELECT dsvault.current_user_id())
        AND granted_by = (SELECT dsvault.current_user_id()));
COMMENT ON POLICY user_roles_app_insert ON dsvault.user_roles IS
    'role:update grants roles to others; _200_bound holds it to the grantor''s own permissions.';

DROP POLICY IF EXISTS user_roles_app_update ON dsvault.user_roles;
CREATE POLICY user_roles_app_update ON dsvault.user_roles FOR UPDATE
    TO dsvault_app
    USING (tenant_id = (SELECT dsvault.tenant_for('role:update'))
        AND user_id <> (SELECT dsvault.current_user_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('role:update'))
        AND user_id <> (SELECT dsvault.current_user_id()));
COMMENT ON POLICY user_roles_app_update ON dsvault.user_roles IS
    'role:update changes how long a grant to another lasts.';

DROP POLICY IF EXISTS user_roles_app_delete ON dsvault.user_roles;
CREATE POLICY user_roles_app_delete ON dsvault.user_roles FOR DELETE
    TO dsvault_app
    USING (tenant_id = (SELECT dsvault.tenant_for('role:update'))
        AND user_id <> (SELECT dsvault.current_user_id()));
COMMENT ON POLICY user_roles_app_delete ON dsvault.user_roles IS
    'role:update takes roles away from others.';

DROP POLICY IF EXISTS user_roles_auditor_select ON dsvault.user_roles;
CREATE POLICY user_roles_auditor_select ON dsvault.user_roles FOR SELECT
    TO dsvault_auditor
    USING (tenant_id = (SELECT dsvault.tenant_for('audit:read')));
COMMENT ON POLICY user_roles_auditor_select ON dsvault.user_roles IS
    'audit:read sees who held which role.';

DROP POLICY IF EXISTS user_roles_definer_select ON dsvault.user_roles;
CREATE POLICY user_roles_definer_select ON dsvault.user_roles FOR SELECT
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY user_roles_definer_select ON dsvault.user_roles IS
    'Definer functions see the grants of the tenant they work for.';

DROP POLICY IF EXISTS user_roles_definer_insert ON dsvault.user_roles;
CREATE POLICY user_roles_definer_insert ON dsvault.user_roles FOR INSERT
    TO dsvault_definer
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY user_roles_definer_insert ON dsvault.user_roles IS
    'Provisioning grants the first administrator his role.';

DROP POLICY IF EXISTS user_roles_definer_delete ON dsvault.user_roles;
CREATE POLICY user_roles_definer_delete ON dsvault.user_roles FOR DELETE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY user_roles_definer_delete ON dsvault.user_roles IS
    'Expiry and erasure remove grants of the tenant they work for.';

REVOKE ALL ON dsvault.user_roles
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;
GRANT SELECT ON dsvault.user_roles TO dsvault_app, dsvault_reader, dsvault_auditor;
GRANT INSERT (user_id, role_id, granted_by, expires_at) ON dsvault.user_roles TO dsvault_app;
GRANT UPDATE (expires_at) ON dsvault.user_roles TO dsvault_app;
GRANT DELETE ON dsvault.user_roles TO dsvault_app;
GRANT SELECT, INSERT, DELETE ON dsvault.user_roles TO dsvault_definer;
-- dsvault_operator: no access.

COMMIT;
