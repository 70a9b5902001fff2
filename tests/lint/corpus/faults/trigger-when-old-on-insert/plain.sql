CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END; $$;
CREATE TRIGGER notes_touch BEFORE INSERT OR UPDATE ON notes FOR EACH ROW
    WHEN (OLD.body IS DISTINCT FROM NEW.body) -- FAULT trigger-when-old-on-insert
    EXECUTE FUNCTION touch();
