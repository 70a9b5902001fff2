-- As a data scientist: a dataset of one's own.
INSERT INTO dsvault.datasets (name, description, schema_id, owner_id, encryption_key_id, tags)
VALUES ($1, $2, $3::uuid, dsvault.current_user_id(), $4::uuid, ARRAY['demonstration'])
RETURNING id::text
