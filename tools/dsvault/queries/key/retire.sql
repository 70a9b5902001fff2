-- The active key of a type and provider hands over: $1 tenant, $2 type, $3 provider.
UPDATE dsvault.encryption_keys
SET status = 'rotated', rotated_at = now()
WHERE tenant_id = $1::uuid AND key_type = $2 AND kms_provider = $3 AND status = 'active'
RETURNING id, tenant_id, key_type, algorithm, kms_provider, kms_key_id, wrapped_key, created_at,
    rotated_at, expires_at, status
