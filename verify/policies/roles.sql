-- Verify dsvault:policies/roles on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.roles row security',
    dsvault_facts.rls_of('dsvault.roles'), ARRAY[
    'ENABLE FORCE',
    'roles_app_delete AS PERMISSIVE FOR DELETE TO {dsvault_app} USING ((tenant_id = ( SELECT '
    'dsvault.tenant_for(''role:delete''::text) AS tenant_for)) AND (NOT is_system_role) AND '
    '(permissions <@ ( SELECT dsvault.my_permissions() AS my_permissions)))',
    'roles_app_insert AS PERMISSIVE FOR INSERT TO {dsvault_app} CHECK ((tenant_id = ( SELECT '
    'dsvault.tenant_for(''role:create''::text) AS tenant_for)) AND (NOT is_system_role) AND '
    '(permissions <@ ( SELECT dsvault.my_permissions() AS my_permissions)))',
    'roles_app_select AS PERMISSIVE FOR SELECT TO {dsvault_app,dsvault_reader} USING '
    '(tenant_id = ( SELECT dsvault.tenant_for(''role:read''::text) AS tenant_for))',
    'roles_app_update AS PERMISSIVE FOR UPDATE TO {dsvault_app} USING ((tenant_id = ( SELECT '
    'dsvault.tenant_for(''role:update''::text) AS tenant_for)) AND (NOT is_system_role) AND '
    '(permissions <@ ( SELECT dsvault.my_permissions() AS my_permissions))) CHECK ((tenant_id '
    '= ( SELECT dsvault.tenant_for(''role:update''::text) AS tenant_for)) AND (NOT '
    'is_system_role) AND (permissions <@ ( SELECT dsvault.my_permissions() AS my_permissions)))',
    'roles_auditor_select AS PERMISSIVE FOR SELECT TO {dsvault_auditor} USING (tenant_id = ( '
    'SELECT dsvault.tenant_for(''audit:read''::text) AS tenant_for))',
    'roles_definer_delete AS PERMISSIVE FOR DELETE TO {dsvault_definer} USING (tenant_id = ( '
    'SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'roles_definer_insert AS PERMISSIVE FOR INSERT TO {dsvault_definer} CHECK (tenant_id = ( '
    'SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'roles_definer_select AS PERMISSIVE FOR SELECT TO {dsvault_definer} USING (tenant_id = ( '
    'SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'roles_definer_update AS PERMISSIVE FOR UPDATE TO {dsvault_definer} USING ((tenant_id = ( '
    'SELECT dsvault.current_tenant_id() AS current_tenant_id)) AND is_system_role) CHECK '
    '((tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id)) AND '
    'is_system_role)',
    'roles_owner_all AS PERMISSIVE FOR ALL TO {dsvault_owner} USING (tenant_id = '
    '''00000000-0000-0000-0000-000000000000''::uuid) CHECK (tenant_id = '
    '''00000000-0000-0000-0000-000000000000''::uuid)',
    'tenant_isolation_roles AS RESTRICTIVE FOR ALL TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id)) CHECK (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id))']);

CALL dsvault_facts.must_equal('dsvault.roles grants',
    dsvault_facts.grants_of('dsvault.roles'), ARRAY[
    'dsvault_app DELETE,SELECT',
    'dsvault_auditor SELECT',
    'dsvault_definer DELETE,INSERT,SELECT,UPDATE',
    'dsvault_reader SELECT',
    'dsvault_app INSERT(created_by,description,id,name,permissions)',
    'dsvault_app UPDATE(description,name,permissions)']);

CALL dsvault_facts.must_contain('dsvault.roles policy comments',
    dsvault_facts.comments_of('dsvault.roles'), ARRAY[
    'policy roles_app_delete: role:delete removes roles within the same bounds.',
    'policy roles_app_insert: role:create makes roles, never beyond its holder''s own '
    'permissions, never system roles.',
    'policy roles_app_select: role:read sees the roles of the tenant.',
    'policy roles_app_update: role:update changes roles within the same bounds.',
    'policy roles_auditor_select: audit:read sees what a role allowed.',
    'policy roles_definer_delete: Erasure removes roles of the tenant it works for.',
    'policy roles_definer_insert: Provisioning copies the role templates.',
    'policy roles_definer_select: Definer functions see the roles of the tenant they work for.',
    'policy roles_definer_update: Provisioning brings system roles up to their templates.',
    'policy roles_owner_all: Deployment keeps the role templates of the system tenant.',
    'policy tenant_isolation_roles: No row of another tenant, whatever the other policies say.']);

ROLLBACK;
