CREATE TABLE notes (id bigint PRIMARY KEY, changed_at timestamptz NOT NULL DEFAULT now());
CREATE TRIGGER notes_touch BEFORE UPDATE ON notes -- FAULT forward-reference
    FOR EACH ROW EXECUTE FUNCTION touch();
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := now();
    RETURN NEW;
END;
$$;
