-- Verify dsvault:policies/schemas on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.schemas row security',
    dsvault_facts.rls_of('dsvault.schemas'), ARRAY[
    'ENABLE FORCE',
    'schemas_app_insert AS PERMISSIVE FOR INSERT TO {dsvault_app} CHECK ((tenant_id = ( SELECT '
    'dsvault.tenant_for(''schema:create''::text) AS tenant_for)) AND (created_by = ( SELECT '
    'dsvault.current_user_id() AS current_user_id)))',
    'schemas_app_select AS PERMISSIVE FOR SELECT TO {dsvault_app,dsvault_reader} USING '
    '(tenant_id = ( SELECT dsvault.tenant_for(''schema:read''::text) AS tenant_for))',
    'schemas_app_update AS PERMISSIVE FOR UPDATE TO {dsvault_app} USING (tenant_id = ( SELECT '
    'dsvault.tenant_for(''schema:update''::text) AS tenant_for)) CHECK (tenant_id = ( SELECT '
    'dsvault.tenant_for(''schema:update''::text) AS tenant_for))',
    'schemas_auditor_select AS PERMISSIVE FOR SELECT TO {dsvault_auditor} USING (tenant_id = ( '
    'SELECT dsvault.tenant_for(''audit:read''::text) AS tenant_for))',
    'schemas_definer_delete AS PERMISSIVE FOR DELETE TO {dsvault_definer} USING (tenant_id = ( '
    'SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'schemas_definer_select AS PERMISSIVE FOR SELECT TO {dsvault_definer} USING (tenant_id = ( '
    'SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'tenant_isolation_schemas AS RESTRICTIVE FOR ALL TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id)) CHECK (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id))']);

CALL dsvault_facts.must_equal('dsvault.schemas grants',
    dsvault_facts.grants_of('dsvault.schemas'), ARRAY[
    'dsvault_app SELECT',
    'dsvault_auditor SELECT',
    'dsvault_definer DELETE,SELECT',
    'dsvault_reader SELECT',
    'dsvault_app INSERT(compatibility_mode,created_by,definition,description,id,name,'
    'parent_schema_id,status,version)',
    'dsvault_app UPDATE(compatibility_mode,definition,description,status)']);

CALL dsvault_facts.must_contain('dsvault.schemas policy comments',
    dsvault_facts.comments_of('dsvault.schemas'), ARRAY[
    'policy schemas_app_insert: schema:create makes definitions in its holder''s own name.',
    'policy schemas_app_select: schema:read sees the schema definitions of the tenant.',
    'policy schemas_app_update: schema:update changes definitions of the tenant.',
    'policy schemas_auditor_select: audit:read sees the definitions that data followed.',
    'policy schemas_definer_delete: Erasure removes definitions of the tenant it works for.',
    'policy schemas_definer_select: Definer functions see the definitions of the tenant they '
    'work for.',
    'policy tenant_isolation_schemas: No row of another tenant, whatever the other policies '
    'say.']);

ROLLBACK;
