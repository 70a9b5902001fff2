CREATE TABLE notes (id bigint PRIMARY KEY, kind text NOT NULL, at timestamptz NOT NULL);
CREATE INDEX notes_kind_at_idx ON notes (kind, at);
CREATE INDEX notes_kind_idx ON notes (kind); -- FAULT redundant-index
