CREATE FUNCTION app.purge(p_id bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM app.notes WHERE notes.id = p_id;
END;
$$;
REVOKE ALL ON FUNCTION app.purge(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.purge(bigint) TO app_user;
