CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL, changed_at timestamptz);
CREATE FUNCTION track() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    ELSIF TG_OP IN ('INSERT', 'UPDATE') THEN
        NEW.changed_at := now();
        RETURN NEW;
    END IF;
END;
$$;
CREATE TRIGGER notes_track BEFORE INSERT OR UPDATE OR DELETE ON notes
    FOR EACH ROW EXECUTE FUNCTION track();
