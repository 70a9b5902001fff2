-- Deploy dsvault:policies/roles to pg
-- requires: tables/roles
-- requires: functions/tenant_for
-- requires: functions/my_permissions
--
-- Why:    nobody hands out more than he holds, and system roles stay what they are.
-- Locks:  ACCESS EXCLUSIVE on dsvault.roles, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.roles FORCE ROW LEVEL SECURITY;

-- The floor below every policy.
DROP POLICY IF EXISTS tenant_isolation_roles ON dsvault.roles;
CREATE POLICY tenant_isolation_roles ON dsvault.roles AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_roles ON dsvault.roles IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS roles_app_select ON dsvault.roles;
CREATE POLICY roles_app_select ON dsvault.roles FOR SELECT
    TO dsvault_app, dsvault_reader
    USING (tenant_id = (SELECT dsvault.tenant_for('role:read')));
COMMENT ON POLICY roles_app_select ON dsvault.roles IS
    'role:read sees the roles of the tenant.';

DROP POLICY IF EXISTS roles_app_insert ON dsvault.roles;
CREATE POLICY roles_app_insert ON dsvault.roles FOR INSERT
    TO dsvault_app
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('role:create'))
        AND NOT is_system_role
        AND permissions <@ (SELECT dsvault.my_permissions()));
COMMENT ON POLICY roles_app_insert ON dsvault.roles IS
    'role:create makes roles, never beyond its holder''s own permissions, never system roles.';

DROP POLICY IF EXISTS roles_app_update ON dsvault.roles;
CREATE POLICY roles_app_update ON dsvault.roles FOR UPDATE
    TO dsvault_app
    USING (tenant_id = (SELECT dsvault.tenant_for('role:update'))
        AND NOT is_system_role
        AND permissions <@ (SELECT dsvault.my_permissions()))
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('role:update'))
        AND NOT is_system_role
        AND permissions <@ (SELECT dsvault.my_permissions()));
COMMENT ON POLICY roles_app_update ON dsvault.roles IS
    'role:update changes roles within the same bounds.';

DROP POLICY IF EXISTS roles_app_delete ON dsvault.roles;
CREATE POLICY roles_app_delete ON dsvault.roles FOR DELETE
    TO dsvault_app
    USING (tenant_id = (SELECT dsvault.tenant_for('role:delete'))
        AND NOT is_system_role
        AND permissions <@ (SELECT dsvault.my_permissions()));
COMMENT ON POLICY roles_app_delete ON dsvault.roles IS
    'role:delete removes roles within the same bounds.';

DROP POLICY IF EXISTS roles_auditor_select ON dsvault.roles;
CREATE POLICY roles_auditor_select ON dsvault.roles FOR SELECT
    TO dsvault_auditor
    USING (tenant_id = (SELECT dsvault.tenant_for('audit:read')));
COMMENT ON POLICY roles_auditor_select ON dsvault.roles IS
    'audit:read sees what a role allowed.';

DROP POLICY IF EXISTS roles_definer_select ON dsvault.roles;
CREATE POLICY roles_definer_select ON dsvault.roles FOR SELECT
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY roles_definer_select ON dsvault.roles IS
    'Definer functions see the roles of the tenant they work for.';

DROP POLICY IF EXISTS roles_definer_insert ON dsvault.roles;
CREATE POLICY roles_definer_insert ON dsvault.roles FOR INSERT
    TO dsvault_definer
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY roles_definer_insert ON dsvault.roles IS
    'Provisioning copies the role templates.';

DROP POLICY IF EXISTS roles_definer_update ON dsvault.roles;
CREATE POLICY roles_definer_update ON dsvault.roles FOR UPDATE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id())
        AND is_system_role)
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id())
        AND is_system_role);
COMMENT ON POLICY roles_definer_update ON dsvault.roles IS
    'Provisioning brings system roles up to their templates.';

DROP POLICY IF EXISTS roles_owner_all ON dsvault.roles;
CREATE POLICY roles_owner_all ON dsvault.roles FOR ALL
    TO dsvault_owner
    USING (tenant_id = '00000000-0000-0000-0000-000000000000')
    WITH CHECK (tenant_id = '00000000-0000-0000-0000-000000000000');
COMMENT ON POLICY roles_owner_all ON dsvault.roles IS
    'Deployment keeps the role templates of the system tenant.';

DROP POLICY IF EXISTS roles_definer_delete ON dsvault.roles;
CREATE POLICY roles_definer_delete ON dsvault.roles FOR DELETE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY roles_definer_delete ON dsvault.roles IS
    'Erasure removes roles of the tenant it works for.';

REVOKE ALL ON dsvault.roles
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;
GRANT SELECT ON dsvault.roles TO dsvault_app, dsvault_reader, dsvault_auditor;
GRANT INSERT (id, name, description, permissions, created_by) ON dsvault.roles TO dsvault_app;
GRANT UPDATE (name, description, permissions) ON dsvault.roles TO dsvault_app;
GRANT DELETE ON dsvault.roles TO dsvault_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON dsvault.roles TO dsvault_definer;
-- dsvault_operator: no access.

COMMIT;
