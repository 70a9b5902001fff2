-- Verify dsvault:policies/audit_logs on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.audit_logs row security',
    dsvault_facts.rls_of('dsvault.audit_logs'), ARRAY[
    'ENABLE FORCE',
    'audit_logs_app_select AS PERMISSIVE FOR SELECT TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (tenant_id = ( SELECT dsvault.tenant_for(''audit:read''::text) AS '
    'tenant_for))',
    'audit_logs_recorder_insert AS PERMISSIVE FOR INSERT TO {dsvault_recorder} CHECK true',
    'audit_logs_recorder_select AS PERMISSIVE FOR SELECT TO {dsvault_recorder} USING true',
    'tenant_isolation_audit AS RESTRICTIVE FOR ALL TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id)) CHECK (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id))']);

CALL dsvault_facts.must_equal('dsvault.audit_logs grants',
    dsvault_facts.grants_of('dsvault.audit_logs'), ARRAY[
    'dsvault_app SELECT',
    'dsvault_auditor SELECT',
    'dsvault_reader SELECT',
    'dsvault_recorder INSERT,SELECT']);

CALL dsvault_facts.must_contain('dsvault.audit_logs policy comments',
    dsvault_facts.comments_of('dsvault.audit_logs'), ARRAY[
    'policy audit_logs_app_select: audit:read sees the audit trail of the tenant.',
    'policy audit_logs_recorder_insert: The recorder writes the entries of whichever tenant a '
    'statement touched.',
    'policy audit_logs_recorder_select: The recorder seals the trail of every tenant.',
    'policy tenant_isolation_audit: No row of another tenant, whatever the other policies say.']);

ROLLBACK;
