CREATE FUNCTION app.purge(p_id bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER -- FAULT secdef-public-execute
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM app.notes WHERE notes.id = p_id;
END;
$$;
