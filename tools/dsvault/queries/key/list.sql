-- The keys of a tenant by type and age: $1 tenant, $2 one key or NULL.
SELECT k.id, k.tenant_id, k.key_type, k.algorithm, k.kms_provider, k.kms_key_id, k.wrapped_key,
    k.created_at, k.rotated_at, k.expires_at, k.status
FROM dsvault.encryption_keys AS k
WHERE k.tenant_id = $1::uuid AND ($2::uuid IS NULL OR k.id = $2)
ORDER BY k.key_type, k.created_at, k.id
