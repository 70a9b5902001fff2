-- Verify dsvault:policies/dataset_versions on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.dataset_versions row security',
    dsvault_facts.rls_of('dsvault.dataset_versions'), ARRAY[
    'ENABLE FORCE',
    'dataset_versions_app_delete AS PERMISSIVE FOR DELETE TO {dsvault_app} USING (tenant_id = '
    '( SELECT dsvault.tenant_for(''version:delete''::text) AS tenant_for))',
    'dataset_versions_app_insert AS PERMISSIVE FOR INSERT TO {dsvault_app} CHECK ((tenant_id = '
    '( SELECT dsvault.tenant_for(''version:create''::text) AS tenant_for)) AND (author_id = ( '
    'SELECT dsvault.current_user_id() AS current_user_id)) AND (((status)::text = '
    '''draft''::text) OR (( SELECT dsvault.tenant_for(''version:publish''::text) AS '
    'tenant_for) IS NOT NULL)))',
    'dataset_versions_app_select AS PERMISSIVE FOR SELECT TO {dsvault_app,dsvault_reader} '
    'USING (tenant_id = ( SELECT dsvault.tenant_for(''version:read''::text) AS tenant_for))',
    'dataset_versions_app_update AS PERMISSIVE FOR UPDATE TO {dsvault_app} USING ((tenant_id = '
    '( SELECT dsvault.tenant_for(''tenant:member''::text) AS tenant_for)) AND ((( SELECT '
    'dsvault.tenant_for(''version:publish''::text) AS tenant_for) IS NOT NULL) OR '
    '(((status)::text = ''draft''::text) AND (( SELECT '
    'dsvault.tenant_for(''version:create''::text) AS tenant_for) IS NOT NULL)))) CHECK '
    '((tenant_id = ( SELECT dsvault.tenant_for(''tenant:member''::text) AS tenant_for)) AND '
    '((( SELECT dsvault.tenant_for(''version:publish''::text) AS tenant_for) IS NOT NULL) OR '
    '(((status)::text = ''draft''::text) AND (( SELECT '
    'dsvault.tenant_for(''version:create''::text) AS tenant_for) IS NOT NULL))))',
    'dataset_versions_auditor_select AS PERMISSIVE FOR SELECT TO {dsvault_auditor} USING '
    '(tenant_id = ( SELECT dsvault.tenant_for(''audit:read''::text) AS tenant_for))',
    'dataset_versions_definer_delete AS PERMISSIVE FOR DELETE TO {dsvault_definer} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'dataset_versions_definer_select AS PERMISSIVE FOR SELECT TO {dsvault_definer} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'dataset_versions_definer_update AS PERMISSIVE FOR UPDATE TO {dsvault_definer} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id)) CHECK (tenant_id '
    '= ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'tenant_isolation_dataset_versions AS RESTRICTIVE FOR ALL TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id)) CHECK (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id))']);

CALL dsvault_facts.must_equal('dsvault.dataset_versions grants',
    dsvault_facts.grants_of('dsvault.dataset_versions'), ARRAY[
    'dsvault_app DELETE,SELECT',
    'dsvault_auditor SELECT',
    'dsvault_definer DELETE,SELECT',
    'dsvault_reader SELECT',
    'dsvault_app INSERT(author_id,commit_id,dataset_id,id,manifest_hash,message,metadata,'
    'parent_version_id,record_count,size_bytes,status,storage_path,tree_hash,version_number)',
    'dsvault_app UPDATE(commit_id,manifest_hash,message,metadata,record_count,size_bytes,'
    'status,storage_path,tree_hash)',
    'dsvault_definer UPDATE(status)']);

CALL dsvault_facts.must_contain('dsvault.dataset_versions policy comments',
    dsvault_facts.comments_of('dsvault.dataset_versions'), ARRAY[
    'policy dataset_versions_app_delete: version:delete removes versions.',
    'policy dataset_versions_app_insert: version:create makes drafts in its holder''s own '
    'name; version:publish is needed for more.',
    'policy dataset_versions_app_select: version:read sees the versions of the tenant''s '
    'datasets.',
    'policy dataset_versions_app_update: version:create works on drafts; version:publish also '
    'publishes and archives.',
    'policy dataset_versions_auditor_select: audit:read sees which versions there are.',
    'policy dataset_versions_definer_delete: Retention and erasure remove versions of the '
    'tenant they work for.',
    'policy dataset_versions_definer_select: Definer functions see the versions of the tenant '
    'they work for.',
    'policy dataset_versions_definer_update: Definer functions lock and archive versions of '
    'the tenant they work for.',
    'policy tenant_isolation_dataset_versions: No row of another tenant, whatever the other '
    'policies say.']);

ROLLBACK;
