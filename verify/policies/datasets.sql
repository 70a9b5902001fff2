-- Verify dsvault:policies/datasets on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.datasets row security',
    dsvault_facts.rls_of('dsvault.datasets'), ARRAY[
    'ENABLE FORCE',
    'dataset_delete_policy AS PERMISSIVE FOR DELETE TO {dsvault_app} USING ((tenant_id = ( SELECT'
    ' dsvault.tenant_for(''tenant:member''::text) AS tenant_for)) AND ((( SELECT '
    'dsvault.tenant_for(''dataset:delete''::text) AS tenant_for) IS NOT NULL) OR (owner_id = ( '
    'SELECT dsvault.current_user_id() AS current_user_id))) AND ((deleted_at IS NULL) OR '
    '(deleted_at >= ( SELECT now() AS now))))',
    'dataset_read_policy AS PERMISSIVE FOR SELECT TO {dsvault_app,dsvault_reader} USING '
    '((tenant_id = ( SELECT dsvault.tenant_for(''tenant:member''::text) AS tenant_for)) AND ((( '
    'SELECT dsvault.tenant_for(''dataset:read''::text) AS tenant_for) IS NOT NULL) OR (owner_id ='
    ' ( SELECT dsvault.current_user_id() AS current_user_id))) AND ((deleted_at IS NULL) OR '
    '(deleted_at >= ( SELECT now() AS now))))',
    'dataset_write_policy AS PERMISSIVE FOR UPDATE TO {dsvault_app} USING ((tenant_id = ( SELECT '
    'dsvault.tenant_for(''tenant:member''::text) AS tenant_for)) AND ((( SELECT '
    'dsvault.tenant_for(''dataset:update''::text) AS tenant_for) IS NOT NULL) OR (owner_id = ( '
    'SELECT dsvault.current_user_id() AS current_user_id))) AND ((deleted_at IS NULL) OR '
    '(deleted_at >= ( SELECT now() AS now)))) CHECK ((tenant_id = ( SELECT '
    'dsvault.tenant_for(''tenant:member''::text) AS tenant_for)) AND ((( SELECT '
    'dsvault.tenant_for(''dataset:update''::text) AS tenant_for) IS NOT NULL) OR (owner_id = ( '
    'SELECT dsvault.current_user_id() AS current_user_id))))',
    'datasets_app_insert AS PERMISSIVE FOR INSERT TO {dsvault_app} CHECK (tenant_id = ( SELECT '
    'dsvault.tenant_for(''dataset:create''::text) AS tenant_for))',
    'datasets_auditor_select AS PERMISSIVE FOR SELECT TO {dsvault_auditor} USING (tenant_id = '
    '( SELECT dsvault.tenant_for(''audit:read''::text) AS tenant_for))',
    'datasets_definer_delete AS PERMISSIVE FOR DELETE TO {dsvault_definer} USING (tenant_id = '
    '( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'datasets_definer_select AS PERMISSIVE FOR SELECT TO {dsvault_definer} USING (tenant_id = '
    '( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'datasets_definer_update AS PERMISSIVE FOR UPDATE TO {dsvault_definer} USING (tenant_id = '
    '( SELECT dsvault.current_tenant_id() AS current_tenant_id)) CHECK (tenant_id = ( SELECT '
    'dsvault.current_tenant_id() AS current_tenant_id))',
    'tenant_isolation_datasets AS RESTRICTIVE FOR ALL TO {dsvault_app,dsvault_reader} USING '
    '((tenant_id = ( SELECT dsvault.tenant_for(''tenant:member''::text) AS tenant_for)) AND ((( '
    'SELECT dsvault.tenant_for(''dataset:read''::text) AS tenant_for) IS NOT NULL) OR (owner_id ='
    ' ( SELECT dsvault.current_user_id() AS current_user_id))) AND ((deleted_at IS NULL) OR '
    '(deleted_at >= ( SELECT now() AS now)))) CHECK (tenant_id = ( SELECT '
    'dsvault.current_tenant_id() AS current_tenant_id))',
    'tenant_isolation_datasets_auditor AS RESTRICTIVE FOR ALL TO {dsvault_auditor} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id)) CHECK (tenant_id '
    '= ( SELECT dsvault.current_tenant_id() AS current_tenant_id))']);

CALL dsvault_facts.must_equal('dsvault.datasets grants',
    dsvault_facts.grants_of('dsvault.datasets'), ARRAY[
    'dsvault_app DELETE,SELECT',
    'dsvault_auditor SELECT',
    'dsvault_definer DELETE,SELECT',
    'dsvault_reader SELECT',
    'dsvault_app INSERT(description,encryption_key_id,id,metadata,name,owner_id,'
    'retention_policy,schema_id,tags)',
    'dsvault_app UPDATE(deleted_at,description,encryption_key_id,metadata,name,owner_id,'
    'retention_policy,schema_id,tags)',
    'dsvault_definer UPDATE(deleted_at,name)']);

CALL dsvault_facts.must_contain('dsvault.datasets policy comments',
    dsvault_facts.comments_of('dsvault.datasets'), ARRAY[
    'policy dataset_delete_policy: dataset:delete removes them; so does their owner.',
    'policy dataset_read_policy: dataset:read sees the datasets of the tenant, their owner his '
    'own, until they are deleted.',
    'policy dataset_write_policy: dataset:update changes them, and marks them deleted with '
    'dataset:delete; so does their owner.',
    'policy datasets_app_insert: dataset:create makes datasets of the tenant.',
    'policy datasets_auditor_select: audit:read sees which datasets there are.',
    'policy datasets_definer_delete: Erasure removes datasets of the tenant it works for.',
    'policy datasets_definer_select: Definer functions see the datasets of the tenant they '
    'work for.',
    'policy datasets_definer_update: Restoring brings datasets of the tenant back.',
    'policy tenant_isolation_datasets: No row of another tenant, nor one that may not be read, '
    'whatever the other policies say.',
    'policy tenant_isolation_datasets_auditor: No row of another tenant, whatever the other '
    'policies say.']);

ROLLBACK;
