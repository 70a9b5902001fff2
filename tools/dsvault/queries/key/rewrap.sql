-- Another wrap of the same key, unless somebody was faster: $1 tenant, $2 key, $3 its wrap before,
-- $4 provider, $5 its key, $6 the new wrap.
UPDATE dsvault.encryption_keys
SET kms_provider = $4, kms_key_id = $5, wrapped_key = $6::bytea
WHERE tenant_id = $1::uuid AND id = $2::uuid AND wrapped_key = $3::bytea
RETURNING id::text
