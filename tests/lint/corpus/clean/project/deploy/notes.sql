BEGIN;
CREATE TYPE note_kind AS ENUM ('plain', 'rich');
CREATE TABLE notes (
    id bigint PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES authors (id),
    kind note_kind NOT NULL
);
CREATE INDEX notes_author_idx ON notes (author_id);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEW;
END;
$$;
CREATE TRIGGER notes_touch BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch();
GRANT SELECT ON notes TO reader;
COMMIT;
