-- As an administrator: the wrapped data key.
INSERT INTO dsvault.encryption_keys (key_type, kms_provider, kms_key_id, wrapped_key)
VALUES ('dataset', 'local', 'demonstration', $1::bytea)
RETURNING id::text
