-- As an administrator: what a record looks like.
INSERT INTO dsvault.schemas (name, definition, description, created_by)
VALUES ($1, $2::jsonb, $3, dsvault.current_user_id())
RETURNING id::text
