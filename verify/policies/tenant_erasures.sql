-- Verify dsvault:policies/tenant_erasures on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.tenant_erasures row security',
    dsvault_facts.rls_of('dsvault.tenant_erasures'), ARRAY[
    'ENABLE FORCE',
    'tenant_erasures_definer_insert AS PERMISSIVE FOR INSERT TO {dsvault_definer} CHECK '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'tenant_erasures_definer_select AS PERMISSIVE FOR SELECT TO {dsvault_definer} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'tenant_erasures_definer_update AS PERMISSIVE FOR UPDATE TO {dsvault_definer} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id)) CHECK (tenant_id '
    '= ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'tenant_erasures_operator_select AS PERMISSIVE FOR SELECT TO {dsvault_operator} USING true',
    'tenant_isolation_tenant_erasures AS RESTRICTIVE FOR ALL TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id)) CHECK (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id))']);

CALL dsvault_facts.must_equal('dsvault.tenant_erasures grants',
    dsvault_facts.grants_of('dsvault.tenant_erasures'), ARRAY[
    'dsvault_definer INSERT,SELECT',
    'dsvault_operator SELECT',
    'dsvault_definer UPDATE(finished_at,removed)']);

CALL dsvault_facts.must_contain('dsvault.tenant_erasures policy comments',
    dsvault_facts.comments_of('dsvault.tenant_erasures'), ARRAY[
    'policy tenant_erasures_definer_insert: Erasure notes that it began.',
    'policy tenant_erasures_definer_select: Erasure sees how far it came.',
    'policy tenant_erasures_definer_update: Erasure notes what it removed.',
    'policy tenant_erasures_operator_select: Operators see which tenants are erased.',
    'policy tenant_isolation_tenant_erasures: No row of another tenant, whatever the other '
    'policies say.']);

ROLLBACK;
