-- Verify dsvault:policies/users on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.users row security',
    dsvault_facts.rls_of('dsvault.users'), ARRAY[
    'ENABLE FORCE',
    'tenant_isolation_users AS RESTRICTIVE FOR ALL TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id)) CHECK (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id))',
    'users_app_delete AS PERMISSIVE FOR DELETE TO {dsvault_app} USING ((tenant_id = ( SELECT '
    'dsvault.tenant_for(''user:delete''::text) AS tenant_for)) AND ((deleted_at IS NULL) OR '
    '(deleted_at >= ( SELECT now() AS now))))',
    'users_app_insert AS PERMISSIVE FOR INSERT TO {dsvault_app} CHECK (tenant_id = ( SELECT '
    'dsvault.tenant_for(''user:create''::text) AS tenant_for))',
    'users_app_select AS PERMISSIVE FOR SELECT TO {dsvault_app,dsvault_reader} USING ((tenant_id '
    '= ( SELECT dsvault.tenant_for(''tenant:member''::text) AS tenant_for)) AND ((( SELECT '
    'dsvault.tenant_for(''user:read''::text) AS tenant_for) IS NOT NULL) OR (id = ( SELECT '
    'dsvault.current_user_id() AS current_user_id))) AND ((deleted_at IS NULL) OR (deleted_at >= '
    '( SELECT now() AS now))))',
    'users_app_update AS PERMISSIVE FOR UPDATE TO {dsvault_app} USING ((tenant_id = ( SELECT '
    'dsvault.tenant_for(''user:update''::text) AS tenant_for)) AND ((deleted_at IS NULL) OR '
    '(deleted_at >= ( SELECT now() AS now)))) CHECK (tenant_id = ( SELECT '
    'dsvault.tenant_for(''user:update''::text) AS tenant_for))',
    'users_auditor_select AS PERMISSIVE FOR SELECT TO {dsvault_auditor} USING (tenant_id = ( '
    'SELECT dsvault.tenant_for(''audit:read''::text) AS tenant_for))',
    'users_definer_delete AS PERMISSIVE FOR DELETE TO {dsvault_definer} USING (tenant_id = ( '
    'SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'users_definer_insert AS PERMISSIVE FOR INSERT TO {dsvault_definer} CHECK (tenant_id = ( '
    'SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'users_definer_select AS PERMISSIVE FOR SELECT TO {dsvault_definer} USING (tenant_id = ( '
    'SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'users_definer_update AS PERMISSIVE FOR UPDATE TO {dsvault_definer} USING (tenant_id = ( '
    'SELECT dsvault.current_tenant_id() AS current_tenant_id)) CHECK (tenant_id = ( SELECT '
    'dsvault.current_tenant_id() AS current_tenant_id))']);

CALL dsvault_facts.must_equal('dsvault.users grants',
    dsvault_facts.grants_of('dsvault.users'), ARRAY[
    'dsvault_app DELETE,SELECT',
    'dsvault_auditor SELECT',
    'dsvault_definer DELETE,INSERT,SELECT',
    'dsvault_reader SELECT',
    'dsvault_app INSERT(avatar_url,email,email_verified,external_id,id,name,status)',
    'dsvault_app UPDATE(avatar_url,deleted_at,email,email_verified,external_id,is_deleted,'
    'last_login_at,last_login_ip,name,status)',
    'dsvault_definer UPDATE(deleted_at,is_deleted)']);

CALL dsvault_facts.must_contain('dsvault.users policy comments',
    dsvault_facts.comments_of('dsvault.users'), ARRAY[
    'policy tenant_isolation_users: No row of another tenant, whatever the other policies say.',
    'policy users_app_delete: user:delete removes users of the tenant.',
    'policy users_app_insert: user:create makes users of the tenant.',
    'policy users_app_select: A user sees himself; with user:read he sees all users of the tenant'
    ' who are not deleted.',
    'policy users_app_update: user:update changes users of the tenant, and marks them deleted '
    'with user:delete.',
    'policy users_auditor_select: audit:read sees who is meant by an audit entry.',
    'policy users_definer_delete: Erasure removes users of the tenant it works for.',
    'policy users_definer_insert: Provisioning makes the first administrator.',
    'policy users_definer_select: Definer functions see the users of the tenant they work for.',
    'policy users_definer_update: Restoring brings users of the tenant back.']);

ROLLBACK;
