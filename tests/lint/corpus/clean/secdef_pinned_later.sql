CREATE FUNCTION app.purge(p_id bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    DELETE FROM app.notes WHERE notes.id = p_id;
END;
$$;
ALTER FUNCTION app.purge(bigint) SET search_path = pg_catalog, pg_temp;
REVOKE EXECUTE ON FUNCTION app.purge(bigint) FROM PUBLIC;
