-- Verify dsvault:policies/key_removals on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.key_removals row security',
    dsvault_facts.rls_of('dsvault.key_removals'), ARRAY[
    'ENABLE FORCE',
    'tenant_isolation_key_removals AS RESTRICTIVE FOR ALL TO '
    '{dsvault_app,dsvault_auditor,dsvault_reader} USING (tenant_id = ( SELECT '
    'dsvault.current_tenant_id() AS current_tenant_id)) CHECK (tenant_id = ( SELECT '
    'dsvault.current_tenant_id() AS current_tenant_id))',
    'key_removals_definer_delete AS PERMISSIVE FOR DELETE TO {dsvault_definer} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'key_removals_definer_insert AS PERMISSIVE FOR INSERT TO {dsvault_definer} CHECK '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'key_removals_definer_select AS PERMISSIVE FOR SELECT TO {dsvault_definer} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))']);

CALL dsvault_facts.must_equal('dsvault.key_removals grants',
    dsvault_facts.grants_of('dsvault.key_removals'), ARRAY[
    'dsvault_definer DELETE,SELECT',
    'dsvault_definer INSERT(key_id,messages,tenant_id)']);

CALL dsvault_facts.must_contain('dsvault.key_removals policy comments',
    dsvault_facts.comments_of('dsvault.key_removals'), ARRAY[
    'policy tenant_isolation_key_removals: No row of another tenant, whatever the other '
    'policies say.',
    'policy key_removals_definer_delete: Definer functions remove what they add up.',
    'policy key_removals_definer_insert: Definer functions note a removal.',
    'policy key_removals_definer_select: Definer functions see the removals of the tenant '
    'they work for.']);

ROLLBACK;
