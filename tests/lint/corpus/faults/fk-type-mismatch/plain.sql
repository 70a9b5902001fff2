CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE notes (
    id bigint PRIMARY KEY,
    author_id integer NOT NULL REFERENCES authors (id) -- FAULT fk-type-mismatch
);
CREATE INDEX notes_author_idx ON notes (author_id);
