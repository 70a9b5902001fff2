-- As an administrator: a wrapped data key.
INSERT INTO dsvault.encryption_keys (id, key_type, kms_provider, kms_key_id, wrapped_key)
VALUES ($1::uuid, $2, 'local', 'demonstration', $3::bytea)
RETURNING id::text
