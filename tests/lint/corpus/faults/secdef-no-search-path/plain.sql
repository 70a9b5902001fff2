CREATE FUNCTION app.purge(p_id bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ -- FAULT secdef-no-search-path
BEGIN
    DELETE FROM app.notes WHERE notes.id = p_id;
END;
$$;
REVOKE ALL ON FUNCTION app.purge(bigint) FROM PUBLIC;
