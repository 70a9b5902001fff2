-- Verify dsvault:policies/token_accesses on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.token_accesses row security',
    dsvault_facts.rls_of('dsvault.token_accesses'), ARRAY[
    'ENABLE FORCE',
    'tenant_isolation_token_accesses AS RESTRICTIVE FOR ALL TO '
    '{dsvault_app,dsvault_auditor,dsvault_reader} USING (tenant_id = ( SELECT '
    'dsvault.current_tenant_id() AS current_tenant_id)) CHECK (tenant_id = ( SELECT '
    'dsvault.current_tenant_id() AS current_tenant_id))',
    'token_accesses_definer_delete AS PERMISSIVE FOR DELETE TO {dsvault_definer} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'token_accesses_definer_insert AS PERMISSIVE FOR INSERT TO {dsvault_definer} CHECK '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'token_accesses_definer_select AS PERMISSIVE FOR SELECT TO {dsvault_definer} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))']);

CALL dsvault_facts.must_equal('dsvault.token_accesses grants',
    dsvault_facts.grants_of('dsvault.token_accesses'), ARRAY[
    'dsvault_definer DELETE,SELECT',
    'dsvault_definer INSERT(tenant_id,token_ids)']);

CALL dsvault_facts.must_contain('dsvault.token_accesses policy comments',
    dsvault_facts.comments_of('dsvault.token_accesses'), ARRAY[
    'policy tenant_isolation_token_accesses: No row of another tenant, whatever the other '
    'policies say.',
    'policy token_accesses_definer_delete: Definer functions remove what they have counted.',
    'policy token_accesses_definer_insert: Definer functions note an access.',
    'policy token_accesses_definer_select: Definer functions see the accesses of the tenant '
    'they work for.']);

ROLLBACK;
