CREATE TABLE notes (id bigint PRIMARY KEY, is_deleted boolean NOT NULL, deleted_at timestamptz);
CREATE FUNCTION on_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.deleted_at IS NOT NULL AND OLD.deleted_at IS NULL THEN
        RAISE NOTICE 'gone';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER notes_soft_delete BEFORE UPDATE ON notes FOR EACH ROW -- FAULT trigger-guard-mismatch
    WHEN (OLD.is_deleted IS DISTINCT FROM NEW.is_deleted)
    EXECUTE FUNCTION on_delete();
