CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE notes (
    id bigint PRIMARY KEY,
    author_id bigint REFERENCES authors (id) ON DELETE SET NULL,
    editor_id bigint NOT NULL DEFAULT 0 REFERENCES authors (id) ON DELETE SET DEFAULT
);
CREATE INDEX notes_author_idx ON notes (author_id);
CREATE INDEX notes_editor_idx ON notes (editor_id);
