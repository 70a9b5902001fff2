CREATE FUNCTION app.purge(p_id bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp -- FAULT secdef-unsafe-search-path
AS $$
BEGIN
    DELETE FROM app.notes WHERE notes.id = p_id;
END;
$$;
REVOKE ALL ON FUNCTION app.purge(bigint) FROM PUBLIC;
