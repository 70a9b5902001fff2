-- Verify dsvault:policies/encryption_keys on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.encryption_keys row security',
    dsvault_facts.rls_of('dsvault.encryption_keys'), ARRAY[
    'ENABLE FORCE',
    'encryption_keys_app_insert AS PERMISSIVE FOR INSERT TO {dsvault_app} CHECK (tenant_id = ( '
    'SELECT dsvault.tenant_for(''key:manage''::text) AS tenant_for))',
    'encryption_keys_app_select AS PERMISSIVE FOR SELECT TO {dsvault_app,dsvault_reader} USING '
    '(tenant_id = ( SELECT dsvault.tenant_for(''key:read''::text) AS tenant_for))',
    'encryption_keys_app_update AS PERMISSIVE FOR UPDATE TO {dsvault_app} USING (tenant_id = ( '
    'SELECT dsvault.tenant_for(''key:manage''::text) AS tenant_for)) CHECK (tenant_id = ( '
    'SELECT dsvault.tenant_for(''key:manage''::text) AS tenant_for))',
    'encryption_keys_definer_delete AS PERMISSIVE FOR DELETE TO {dsvault_definer} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'encryption_keys_definer_select AS PERMISSIVE FOR SELECT TO {dsvault_definer} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'encryption_keys_definer_update AS PERMISSIVE FOR UPDATE TO {dsvault_definer} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id)) CHECK (tenant_id '
    '= ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'encryption_keys_operator_insert AS PERMISSIVE FOR INSERT TO {dsvault_operator} CHECK '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'encryption_keys_operator_select AS PERMISSIVE FOR SELECT TO {dsvault_operator} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'encryption_keys_operator_update AS PERMISSIVE FOR UPDATE TO {dsvault_operator} USING '
    '(tenant_id = ( SELECT dsvault.current_tenant_id() AS current_tenant_id)) CHECK (tenant_id '
    '= ( SELECT dsvault.current_tenant_id() AS current_tenant_id))',
    'tenant_isolation_encryption_keys AS RESTRICTIVE FOR ALL TO {dsvault_app,dsvault_auditor,'
    'dsvault_reader} USING (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id)) CHECK (tenant_id = ( SELECT dsvault.current_tenant_id() AS '
    'current_tenant_id))']);

CALL dsvault_facts.must_equal('dsvault.encryption_keys grants',
    dsvault_facts.grants_of('dsvault.encryption_keys'), ARRAY[
    'dsvault_app SELECT',
    'dsvault_definer DELETE,SELECT',
    'dsvault_operator SELECT',
    'dsvault_reader SELECT',
    'dsvault_app INSERT(algorithm,expires_at,id,key_type,kms_key_id,kms_provider,status,'
    'wrapped_key)',
    'dsvault_app UPDATE(expires_at,kms_key_id,kms_provider,rotated_at,status,wrapped_key)',
    'dsvault_definer UPDATE(status)',
    'dsvault_operator INSERT(algorithm,expires_at,id,key_type,kms_key_id,kms_provider,status,'
    'wrapped_key)',
    'dsvault_operator UPDATE(expires_at,kms_key_id,kms_provider,rotated_at,status,wrapped_key)']);

CALL dsvault_facts.must_contain('dsvault.encryption_keys policy comments',
    dsvault_facts.comments_of('dsvault.encryption_keys'), ARRAY[
    'policy encryption_keys_app_insert: key:manage adds wrapped keys.',
    'policy encryption_keys_app_select: key:read sees the wrapped keys of the tenant.',
    'policy encryption_keys_app_update: key:manage rotates, rewraps, expires and revokes keys.',
    'policy encryption_keys_definer_delete: Erasure removes keys of the tenant it works for.',
    'policy encryption_keys_definer_select: Definer functions look up whose key a ciphertext '
    'names.',
    'policy encryption_keys_definer_update: Expiry marks keys of the tenant.',
    'policy encryption_keys_operator_insert: Operators add wrapped keys to the tenant that '
    'they name.',
    'policy encryption_keys_operator_select: Operators see the wrapped keys of the tenant that '
    'they name.',
    'policy encryption_keys_operator_update: Operators rotate, rewrap and revoke keys of the '
    'tenant that they name.',
    'policy tenant_isolation_encryption_keys: No row of another tenant, whatever the other '
    'policies say.']);

ROLLBACK;
