-- Verify dsvault:policies/user_roles on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.user_roles row security',
    dsvault_facts.rls_of('dsvault.user_roles'), ARRAY[
    'ENABLE FORCE',
    'tenant_isolation_user_roles AS RESTRICTIVE FOR ALL TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id)) CHECK (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id))',
    'user_roles_app_delete AS PERMISSIVE FOR DELETE TO {dsvault_app} USING ((tenant_id = ( '
    'SELECT dsvault.tenant_for(''role:update''::text) AS tenant_for)) AND (user_id <> ( SELECT '
    'dsvault.current_user_id() AS current_user_id)))',
    'user_roles_app_insert AS PERMISSIVE FOR INSERT TO {dsvault_app} CHECK ((tenant_id = ( '
    'SELECT dsvault.tenant_for(''role:update''::text) AS tenant_for)) AND (user_id <> ( SELECT '
    'dsvault.current_user_id() AS current_user_id)) AND (granted_by = ( SELECT '
    'dsvault.current_user_id() AS current_user_id)))',
    'user_roles_app_select AS PERMISSIVE FOR SELECT TO {dsvault_app,dsvault_reader} USING '
    '((tenant_id = ( SELECT dsvault.tenant_for(''tenant:member''::text) AS tenant_for)) AND '
    '((( SELECT dsvault.tenant_for(''role:read''::text) AS tenant_for) IS NOT NULL) OR '
    '(user_id = ( SELECT dsvault.current_user_id() AS current_user_id))))',
    'user_roles_app_update AS PERMISSIVE FOR UPDATE TO {dsvault_app} USING ((tenant_id = ( '
    'SELECT dsvault.tenant_for(''role:update''::text) AS tenant_for)) AND (user_id <> ( SELECT '
    'dsvault.current_user_id() AS current_user_id))) CHECK ((tenant_id = ( SELECT '
    'dsvault.tenant_for(''role:update''::text) AS tenant_for)) AND (user_id <> ( SELECT '
    'dsvault.current_user_id() AS current_user_id)))',
    'user_roles_auditor_select AS PERMISSIVE FOR SELECT TO {dsvault_auditor} USING (tenant_id '
    '= ( SELECT dsvault.tenant_for(''audit:read''::text) AS tenant_for))',
    'user_roles_definer_delete AS PERMISSIVE FOR DELETE TO {dsvault_definer} USING (tenant_id '
    '= ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'user_roles_definer_insert AS PERMISSIVE FOR INSERT TO {dsvault_definer} CHECK (tenant_id '
    '= ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'user_roles_definer_select AS PERMISSIVE FOR SELECT TO {dsvault_definer} USING (tenant_id '
    '= ( SELECT dsvault.current_tenant_id() AS current_tenant_id))']);

CALL dsvault_facts.must_equal('dsvault.user_roles grants',
    dsvault_facts.grants_of('dsvault.user_roles'), ARRAY[
    'dsvault_app DELETE,SELECT',
    'dsvault_auditor SELECT',
    'dsvault_definer DELETE,INSERT,SELECT',
    'dsvault_reader SELECT',
    'dsvault_app INSERT(expires_at,granted_by,role_id,user_id)',
    'dsvault_app UPDATE(expires_at)']);

CALL dsvault_facts.must_contain('dsvault.user_roles policy comments',
    dsvault_facts.comments_of('dsvault.user_roles'), ARRAY[
    'policy tenant_isolation_user_roles: No row of another tenant, whatever the other policies '
    'say.',
    'policy user_roles_app_delete: role:update takes roles away from others.',
    'policy user_roles_app_insert: role:update grants roles to others; _200_bound holds it to '
    'the grantor''s own permissions.',
    'policy user_roles_app_select: A user sees his own grants; with role:read he sees all of '
    'the tenant.',
    'policy user_roles_app_update: role:update changes how long a grant to another lasts.',
    'policy user_roles_auditor_select: audit:read sees who held which role.',
    'policy user_roles_definer_delete: Expiry and erasure remove grants of the tenant they '
    'work for.',
    'policy user_roles_definer_insert: Provisioning grants the first administrator his role.',
    'policy user_roles_definer_select: Definer functions see the grants of the tenant they '
    'work for.']);

ROLLBACK;
