CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.body = '' THEN
        RAISE EXCEPTION 'empty';
    END IF;
    RETURN NEW; -- FAULT trigger-return-new-on-delete
END;
$$;
CREATE TRIGGER notes_guard BEFORE DELETE ON notes FOR EACH ROW EXECUTE FUNCTION guard();
