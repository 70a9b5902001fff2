-- Verify dsvault:policies/tenant_usage on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.tenant_usage row security',
    dsvault_facts.rls_of('dsvault.tenant_usage'), ARRAY[
    'ENABLE FORCE',
    'tenant_isolation_tenant_usage AS RESTRICTIVE FOR ALL TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id)) CHECK (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id))',
    'tenant_usage_app_select AS PERMISSIVE FOR SELECT TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (tenant_id = ( SELECT dsvault.tenant_for(''tenant:member''::text) '
    'AS tenant_for))',
    'tenant_usage_definer_insert AS PERMISSIVE FOR INSERT TO {dsvault_definer} CHECK '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'tenant_usage_definer_select AS PERMISSIVE FOR SELECT TO {dsvault_definer} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'tenant_usage_definer_update AS PERMISSIVE FOR UPDATE TO {dsvault_definer} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id)) CHECK (tenant_id '
    '= ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'tenant_usage_operator_select AS PERMISSIVE FOR SELECT TO {dsvault_operator} USING true']);

CALL dsvault_facts.must_equal('dsvault.tenant_usage grants',
    dsvault_facts.grants_of('dsvault.tenant_usage'), ARRAY[
    'dsvault_app SELECT',
    'dsvault_auditor SELECT',
    'dsvault_definer INSERT,SELECT',
    'dsvault_operator SELECT',
    'dsvault_reader SELECT',
    'dsvault_definer UPDATE(amount)']);

CALL dsvault_facts.must_contain('dsvault.tenant_usage policy comments',
    dsvault_facts.comments_of('dsvault.tenant_usage'), ARRAY[
    'policy tenant_isolation_tenant_usage: No row of another tenant, whatever the other '
    'policies say.',
    'policy tenant_usage_app_select: A live user sees what his tenant uses.',
    'policy tenant_usage_definer_insert: Definer functions begin to count.',
    'policy tenant_usage_definer_select: Definer functions see what the tenant uses that they '
    'work for.',
    'policy tenant_usage_definer_update: Definer functions keep the count.',
    'policy tenant_usage_operator_select: Operators see what every tenant uses.']);

ROLLBACK;
