CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'notes are never deleted' USING ERRCODE = 'NT001';
END;
$$;
CREATE TRIGGER notes_refuse BEFORE DELETE ON notes FOR EACH ROW EXECUTE FUNCTION refuse();
