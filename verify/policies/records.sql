-- Verify dsvault:policies/records on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.records row security',
    dsvault_facts.rls_of('dsvault.records'), ARRAY[
    'ENABLE FORCE',
    'records_app_delete AS PERMISSIVE FOR DELETE TO {dsvault_app} USING (tenant_id = ( SELECT '
    'dsvault.tenant_for(''version:delete''::text) AS tenant_for))',
    'records_app_insert AS PERMISSIVE FOR INSERT TO {dsvault_app} CHECK (tenant_id = ( SELECT '
    'dsvault.tenant_for(''version:create''::text) AS tenant_for))',
    'records_app_select AS PERMISSIVE FOR SELECT TO {dsvault_app,dsvault_reader} USING '
    '(tenant_id = ( SELECT dsvault.tenant_for(''version:read''::text) AS tenant_for))',
    'records_definer_delete AS PERMISSIVE FOR DELETE TO {dsvault_definer} USING (tenant_id = ( '
    'SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'records_definer_select AS PERMISSIVE FOR SELECT TO {dsvault_definer} USING (tenant_id = ( '
    'SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'records_finder_select AS PERMISSIVE FOR SELECT TO {dsvault_finder} USING true',
    'tenant_isolation_records AS RESTRICTIVE FOR ALL TO {dsvault_app,dsvault_reader} USING '
    '(tenant_id = ( SELECT dsvault.tenant_for(''version:read''::text) AS tenant_for)) CHECK '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'tenant_isolation_records_auditor AS RESTRICTIVE FOR ALL TO {dsvault_auditor} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id)) CHECK (tenant_id '
    '= ( SELECT dsvault.current_tenant_id() AS current_tenant_id))']);

CALL dsvault_facts.must_equal('dsvault.records grants',
    dsvault_facts.grants_of('dsvault.records'), ARRAY[
    'dsvault_app DELETE,SELECT',
    'dsvault_definer DELETE,SELECT',
    'dsvault_reader SELECT',
    'dsvault_app INSERT(content_hash,dataset_id,encrypted_data,id,pii_annotations,version_id)',
    'dsvault_finder SELECT(dataset_id,id,pii_annotations,tenant_id,version_id)']);

CALL dsvault_facts.must_contain('dsvault.records policy comments',
    dsvault_facts.comments_of('dsvault.records'), ARRAY[
    'policy records_app_delete: version:delete removes records.',
    'policy records_app_insert: version:create writes records.',
    'policy records_app_select: version:read sees the records of the tenant''s versions.',
    'policy records_definer_delete: Retention and erasure remove records of the tenant they '
    'work for.',
    'policy records_definer_select: Definer functions see the records of the tenant they work '
    'for.',
    'policy records_finder_select: The finder searches annotations, and adds the tenant itself.',
    'policy tenant_isolation_records: No row of another tenant, nor one that may not be read, '
    'whatever the other policies say.',
    'policy tenant_isolation_records_auditor: No row of another tenant, whatever the other '
    'policies say.']);

ROLLBACK;
