CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE notes (
    id bigint PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES authors (id) ON DELETE SET DEFAULT -- FAULT set-default-no-default
);
CREATE INDEX notes_author_idx ON notes (author_id);
