CREATE TABLE notes (
    id bigint PRIMARY KEY,
    parent_id bigint REFERENCES notes (id)
);
CREATE INDEX notes_parent_idx ON notes (parent_id);
