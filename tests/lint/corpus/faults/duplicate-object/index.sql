CREATE TABLE notes (id bigint PRIMARY KEY, title text NOT NULL);
CREATE INDEX notes_title_idx ON notes (title);
CREATE INDEX notes_title_idx ON notes (lower(title)); -- FAULT duplicate-object
