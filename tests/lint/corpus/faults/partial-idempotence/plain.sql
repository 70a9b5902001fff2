CREATE TABLE IF NOT EXISTS notes (id bigint PRIMARY KEY, body text NOT NULL);
CREATE INDEX notes_body_idx ON notes (body); -- FAULT partial-idempotence
