CREATE FUNCTION app.count_rows(p_table regclass, p_name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_count bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM %s WHERE name = $1', p_table) INTO v_count USING p_name;
    EXECUTE format('SELECT count(*) FROM %I.%I WHERE name = %L', 'app', 'notes', p_name) INTO v_count;
    EXECUTE 'SELECT count(*) FROM ' || quote_ident(p_name) INTO v_count;
    RETURN v_count;
END;
$$;
