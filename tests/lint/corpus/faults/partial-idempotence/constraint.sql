CREATE TABLE IF NOT EXISTS notes (id bigint PRIMARY KEY, body text NOT NULL);
ALTER TABLE notes ADD CONSTRAINT notes_body_check CHECK (body <> ''); -- FAULT partial-idempotence
