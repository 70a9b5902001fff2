CREATE TABLE notes (id bigint PRIMARY KEY, slug text NOT NULL UNIQUE);
CREATE INDEX notes_slug_idx ON notes (slug); -- FAULT duplicate-index
