-- Verify dsvault:policies/tenants on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.tenants row security',
    dsvault_facts.rls_of('dsvault.tenants'), ARRAY[
    'ENABLE FORCE',
    'tenant_isolation_tenants AS RESTRICTIVE FOR ALL TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id)) '
    'CHECK (id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'tenants_app_select AS PERMISSIVE FOR SELECT TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (id = ( SELECT dsvault.tenant_for(''tenant:member''::text) AS '
    'tenant_for))',
    'tenants_definer_delete AS PERMISSIVE FOR DELETE TO {dsvault_definer} USING (id = ( SELECT '
    'dsvault.current_tenant_id() AS current_tenant_id))',
    'tenants_definer_insert AS PERMISSIVE FOR INSERT TO {dsvault_definer} CHECK (id = ( SELECT '
    'dsvault.current_tenant_id() AS current_tenant_id))',
    'tenants_definer_select AS PERMISSIVE FOR SELECT TO {dsvault_definer} USING (id = ( SELECT '
    'dsvault.current_tenant_id() AS current_tenant_id))',
    'tenants_definer_update AS PERMISSIVE FOR UPDATE TO {dsvault_definer} USING (id = ( SELECT '
    'dsvault.current_tenant_id() AS current_tenant_id)) CHECK (id = ( SELECT '
    'dsvault.current_tenant_id() AS current_tenant_id))',
    'tenants_operator_select AS PERMISSIVE FOR SELECT TO {dsvault_operator} USING true',
    'tenants_owner_all AS PERMISSIVE FOR ALL TO {dsvault_owner} USING (id = '
    '''00000000-0000-0000-0000-000000000000''::uuid) CHECK (id = '
    '''00000000-0000-0000-0000-000000000000''::uuid)']);

CALL dsvault_facts.must_equal('dsvault.tenants grants',
    dsvault_facts.grants_of('dsvault.tenants'), ARRAY[
    'dsvault_app SELECT',
    'dsvault_auditor SELECT',
    'dsvault_definer DELETE,INSERT,SELECT',
    'dsvault_operator SELECT',
    'dsvault_reader SELECT',
    'dsvault_definer UPDATE(deleted_at,is_deleted,storage_quota_bytes,suspended_at,'
    'suspension_reason)']);

CALL dsvault_facts.must_contain('dsvault.tenants policy comments',
    dsvault_facts.comments_of('dsvault.tenants'), ARRAY[
    'policy tenant_isolation_tenants: No row of another tenant, whatever the other policies '
    'say.',
    'policy tenants_app_select: A live user sees his own tenant.',
    'policy tenants_definer_delete: Erasure removes the tenant it works for.',
    'policy tenants_definer_insert: Provisioning makes the tenant it works for.',
    'policy tenants_definer_select: Definer functions see the tenant they work for.',
    'policy tenants_definer_update: Definer functions change the tenant they work for.',
    'policy tenants_operator_select: Provisioning lists all tenants; it sees nothing inside of '
    'them.',
    'policy tenants_owner_all: Deployment keeps the system tenant.']);

ROLLBACK;
