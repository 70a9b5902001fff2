ALTER TABLE tags ADD COLUMN position bigserial; -- FAULT add-column-auto-increment
