CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE notes (
    id bigint PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES authors (id) ON DELETE SET NULL -- FAULT set-null-on-not-null
);
CREATE INDEX notes_author_idx ON notes (author_id);
