CREATE TABLE notes (id bigint PRIMARY KEY, title text NOT NULL, body text NOT NULL);
CREATE INDEX notes_idx ON notes (title);
CREATE INDEX IF NOT EXISTS notes_idx ON notes (body); -- FAULT if-not-exists-noop
