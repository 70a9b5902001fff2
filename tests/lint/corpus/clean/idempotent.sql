CREATE TABLE IF NOT EXISTS notes (id bigint PRIMARY KEY, title text NOT NULL);
CREATE INDEX IF NOT EXISTS notes_title_idx ON notes (title);
ALTER TABLE notes DROP CONSTRAINT IF EXISTS notes_title_check;
ALTER TABLE notes ADD CONSTRAINT notes_title_check CHECK (title <> '') NOT VALID;
