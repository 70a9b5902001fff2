BEGIN;
SET LOCAL lock_timeout = '2s';
CREATE TABLE notes (id bigint PRIMARY KEY, author_id bigint NOT NULL REFERENCES authors (id));
CREATE INDEX notes_author_idx ON notes (author_id);
COMMIT;
