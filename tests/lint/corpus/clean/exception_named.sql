CREATE FUNCTION try_insert(p_id bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notes (id) VALUES (p_id);
    RETURN true;
EXCEPTION
    WHEN unique_violation THEN
        RETURN false;
    WHEN OTHERS THEN
        RAISE WARNING 'failed for %', p_id;
        RAISE;
END;
$$;
