-- A dataset in the user's own name; $1 name, $2 key.
INSERT INTO dsvault.datasets (name, owner_id, encryption_key_id)
VALUES ($1, dsvault.current_user_id(), $2::uuid)
RETURNING id
