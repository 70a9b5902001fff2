-- A new active key in the tenant of the transaction.
INSERT INTO dsvault.encryption_keys (id, key_type, algorithm, kms_provider, kms_key_id,
    wrapped_key, expires_at)
VALUES ($1::uuid, $2, $3, $4, $5, $6::bytea, $7::timestamptz)
RETURNING id, tenant_id, key_type, algorithm, kms_provider, kms_key_id, wrapped_key, created_at,
    rotated_at, expires_at, status
