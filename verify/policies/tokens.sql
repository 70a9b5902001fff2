-- Verify dsvault:policies/tokens on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.tokens row security',
    dsvault_facts.rls_of('dsvault.tokens'), ARRAY[
    'ENABLE FORCE',
    'tenant_isolation_tokens AS RESTRICTIVE FOR ALL TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id)) CHECK (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id))',
    'tokens_app_insert AS PERMISSIVE FOR INSERT TO {dsvault_app} CHECK (tenant_id = ( SELECT '
    'dsvault.tenant_for(''token:create''::text) AS tenant_for))',
    'tokens_app_select AS PERMISSIVE FOR SELECT TO {dsvault_app,dsvault_reader} USING '
    '(tenant_id = ( SELECT dsvault.tenant_for(''token:read''::text) AS tenant_for))',
    'tokens_app_update AS PERMISSIVE FOR UPDATE TO {dsvault_app} USING (tenant_id = ( SELECT '
    'dsvault.tenant_for(''token:detokenize''::text) AS tenant_for)) CHECK (tenant_id = ( '
    'SELECT dsvault.tenant_for(''token:detokenize''::text) AS tenant_for))',
    'tokens_definer_delete AS PERMISSIVE FOR DELETE TO {dsvault_definer} USING (tenant_id = ( '
    'SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'tokens_definer_select AS PERMISSIVE FOR SELECT TO {dsvault_definer} USING (tenant_id = ( '
    'SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'tokens_definer_update AS PERMISSIVE FOR UPDATE TO {dsvault_definer} USING (tenant_id = ( '
    'SELECT dsvault.current_tenant_id() AS current_tenant_id)) CHECK (tenant_id = ( SELECT '
    'dsvault.current_tenant_id() AS current_tenant_id))']);

CALL dsvault_facts.must_equal('dsvault.tokens grants',
    dsvault_facts.grants_of('dsvault.tokens'), ARRAY[
    'dsvault_app SELECT',
    'dsvault_definer DELETE,SELECT',
    'dsvault_reader SELECT',
    'dsvault_app INSERT(encrypted_value,expires_at,id,pii_type,token_hash)',
    'dsvault_app UPDATE(accessed_count,expires_at,last_accessed_at)',
    'dsvault_definer UPDATE(accessed_count,encrypted_value,expires_at,last_accessed_at,'
    'token_hash)']);

CALL dsvault_facts.must_contain('dsvault.tokens policy comments',
    dsvault_facts.comments_of('dsvault.tokens'), ARRAY[
    'policy tenant_isolation_tokens: No row of another tenant, whatever the other policies say.',
    'policy tokens_app_insert: token:create adds tokens.',
    'policy tokens_app_select: token:read finds the tokens of the tenant.',
    'policy tokens_app_update: token:detokenize counts the accesses it makes.',
    'policy tokens_definer_delete: Expiry and erasure remove tokens of the tenant they work '
    'for.',
    'policy tokens_definer_select: Definer functions see the tokens of the tenant they work '
    'for.',
    'policy tokens_definer_update: Definer functions count accesses and empty tokens that are '
    'to be forgotten.']);

ROLLBACK;
