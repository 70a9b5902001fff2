-- Verify dsvault:policies/lineage_edges on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.lineage_edges row security',
    dsvault_facts.rls_of('dsvault.lineage_edges'), ARRAY[
    'ENABLE FORCE',
    'lineage_edges_app_delete AS PERMISSIVE FOR DELETE TO {dsvault_app} USING (tenant_id = ( '
    'SELECT dsvault.tenant_for(''version:delete''::text) AS tenant_for))',
    'lineage_edges_app_insert AS PERMISSIVE FOR INSERT TO {dsvault_app} CHECK (tenant_id = ( '
    'SELECT dsvault.tenant_for(''version:create''::text) AS tenant_for))',
    'lineage_edges_app_select AS PERMISSIVE FOR SELECT TO {dsvault_app,dsvault_reader} USING '
    '(tenant_id = ( SELECT dsvault.tenant_for(''dataset:read''::text) AS tenant_for))',
    'lineage_edges_auditor_select AS PERMISSIVE FOR SELECT TO {dsvault_auditor} USING '
    '(tenant_id = ( SELECT dsvault.tenant_for(''audit:read''::text) AS tenant_for))',
    'lineage_edges_definer_delete AS PERMISSIVE FOR DELETE TO {dsvault_definer} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'lineage_edges_definer_select AS PERMISSIVE FOR SELECT TO {dsvault_definer} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'tenant_isolation_lineage_edges AS RESTRICTIVE FOR ALL TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id)) CHECK (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id))']);

CALL dsvault_facts.must_equal('dsvault.lineage_edges grants',
    dsvault_facts.grants_of('dsvault.lineage_edges'), ARRAY[
    'dsvault_app DELETE,SELECT',
    'dsvault_auditor SELECT',
    'dsvault_definer DELETE,SELECT',
    'dsvault_reader SELECT',
    'dsvault_app INSERT(id,metadata,relationship,source_id,source_type,target_id,target_type)']);

CALL dsvault_facts.must_contain('dsvault.lineage_edges policy comments',
    dsvault_facts.comments_of('dsvault.lineage_edges'), ARRAY[
    'policy lineage_edges_app_delete: version:delete takes such a statement back.',
    'policy lineage_edges_app_insert: version:create states where a version came from.',
    'policy lineage_edges_app_select: dataset:read sees where the tenant''s data came from.',
    'policy lineage_edges_auditor_select: audit:read sees where data came from.',
    'policy lineage_edges_definer_delete: Erasure removes edges of the tenant it works for.',
    'policy lineage_edges_definer_select: Definer functions see the lineage of the tenant they '
    'work for.',
    'policy tenant_isolation_lineage_edges: No row of another tenant, whatever the other '
    'policies say.']);

ROLLBACK;
