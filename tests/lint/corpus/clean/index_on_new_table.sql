BEGIN;
CREATE TABLE notes (id bigint PRIMARY KEY, title text NOT NULL);
CREATE INDEX notes_title_idx ON notes (title);
ALTER TABLE notes ADD CONSTRAINT notes_title_check CHECK (title <> '');
ALTER TABLE notes ALTER COLUMN title SET NOT NULL;
COMMIT;
