-- Verify dsvault:policies/audit_seals on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.audit_seals row security',
    dsvault_facts.rls_of('dsvault.audit_seals'), ARRAY[
    'ENABLE FORCE',
    'audit_seals_app_select AS PERMISSIVE FOR SELECT TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (tenant_id = ( SELECT dsvault.tenant_for(''audit:read''::text) AS '
    'tenant_for))',
    'audit_seals_recorder_insert AS PERMISSIVE FOR INSERT TO {dsvault_recorder} CHECK true',
    'audit_seals_recorder_select AS PERMISSIVE FOR SELECT TO {dsvault_recorder} USING true',
    'tenant_isolation_audit_seals AS RESTRICTIVE FOR ALL TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id)) CHECK (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id))']);

CALL dsvault_facts.must_equal('dsvault.audit_seals grants',
    dsvault_facts.grants_of('dsvault.audit_seals'), ARRAY[
    'dsvault_app SELECT',
    'dsvault_auditor SELECT',
    'dsvault_reader SELECT',
    'dsvault_recorder INSERT,SELECT']);

CALL dsvault_facts.must_contain('dsvault.audit_seals policy comments',
    dsvault_facts.comments_of('dsvault.audit_seals'), ARRAY[
    'policy audit_seals_app_select: audit:read checks the audit trail of the tenant.',
    'policy audit_seals_recorder_insert: The recorder seals the trail of every tenant.',
    'policy audit_seals_recorder_select: The recorder goes on where it left off, for every '
    'tenant.',
    'policy tenant_isolation_audit_seals: No row of another tenant, whatever the other policies '
    'say.']);

ROLLBACK;
