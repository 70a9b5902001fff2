-- A revoked key loses its wrap: $1 tenant, $2 key, $3 what stands in its place.
UPDATE dsvault.encryption_keys
SET wrapped_key = $3::bytea
WHERE tenant_id = $1::uuid AND id = $2::uuid AND status = 'revoked'
RETURNING id::text
