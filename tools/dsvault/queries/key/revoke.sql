-- $1 tenant, $2 key.
UPDATE dsvault.encryption_keys
SET status = 'revoked'
WHERE tenant_id = $1::uuid AND id = $2::uuid AND status <> 'revoked'
RETURNING id::text
