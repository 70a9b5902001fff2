BEGIN;
SELECT id, author_id, kind FROM notes WHERE false;
SELECT 1 / count(*) FROM pg_trigger WHERE tgname = 'notes_touch';
DO $$
BEGIN
    IF NOT has_table_privilege('reader', 'notes', 'SELECT') THEN
        RAISE EXCEPTION 'reader cannot read notes';
    END IF;
END;
$$;
ROLLBACK;
