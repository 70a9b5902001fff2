CREATE TABLE notes (id bigint PRIMARY KEY, title text NOT NULL, at timestamptz NOT NULL);
CREATE INDEX notes_title_idx ON notes (title);
CREATE INDEX notes_by_title ON notes (title); -- FAULT duplicate-index
