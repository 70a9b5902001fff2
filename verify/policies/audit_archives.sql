-- Verify dsvault:policies/audit_archives on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.audit_archives row security',
    dsvault_facts.rls_of('dsvault.audit_archives'), ARRAY[
    'ENABLE FORCE',
    'audit_archives_app_select AS PERMISSIVE FOR SELECT TO '
    '{dsvault_app,dsvault_auditor,dsvault_reader} USING (tenant_id = ( SELECT '
    'dsvault.tenant_for(''audit:read''::text) AS tenant_for))',
    'audit_archives_operator_select AS PERMISSIVE FOR SELECT TO {dsvault_operator} USING true',
    'audit_archives_recorder_insert AS PERMISSIVE FOR INSERT TO {dsvault_recorder} CHECK true',
    'audit_archives_recorder_select AS PERMISSIVE FOR SELECT TO {dsvault_recorder} USING true',
    'tenant_isolation_audit_archives AS RESTRICTIVE FOR ALL TO '
    '{dsvault_app,dsvault_auditor,dsvault_reader} USING (tenant_id = ( SELECT '
    'dsvault.current_tenant_id() AS current_tenant_id)) CHECK (tenant_id = ( SELECT '
    'dsvault.current_tenant_id() AS current_tenant_id))']);

CALL dsvault_facts.must_equal('dsvault.audit_archives grants',
    dsvault_facts.grants_of('dsvault.audit_archives'), ARRAY[
    'dsvault_app SELECT',
    'dsvault_auditor SELECT',
    'dsvault_operator SELECT',
    'dsvault_reader SELECT',
    'dsvault_recorder INSERT,SELECT']);

CALL dsvault_facts.must_contain('dsvault.audit_archives policy comments',
    dsvault_facts.comments_of('dsvault.audit_archives'), ARRAY[
    'policy audit_archives_app_select: audit:read sees what left the audit trail of the '
    'tenant.',
    'policy audit_archives_operator_select: Operators see which months were archived.',
    'policy audit_archives_recorder_insert: The recorder notes what leaves the trail of every '
    'tenant.',
    'policy audit_archives_recorder_select: The recorder sees what left the trail of every '
    'tenant.',
    'policy tenant_isolation_audit_archives: No row of another tenant, whatever the other '
    'policies say.']);

ROLLBACK;
