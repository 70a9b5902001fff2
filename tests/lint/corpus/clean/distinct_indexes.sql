CREATE TABLE notes (id bigint PRIMARY KEY, kind text NOT NULL, at timestamptz NOT NULL, deleted_at timestamptz);
CREATE INDEX notes_kind_at_idx ON notes (kind, at);
CREATE INDEX notes_at_idx ON notes (at);
CREATE INDEX notes_kind_live_idx ON notes (kind) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX notes_kind_id_key ON notes (kind, id);
CREATE INDEX notes_kind_gin_idx ON notes USING gin (to_tsvector('english', kind));
