CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE notes (
    id bigint PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES authors (id),
    CONSTRAINT notes_author_fk FOREIGN KEY (author_id) REFERENCES authors (id) -- FAULT duplicate-foreign-key
);
CREATE INDEX notes_author_idx ON notes (author_id);
