CREATE FUNCTION app.count_rows(p_table text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_count bigint;
BEGIN
    EXECUTE 'SELECT count(*) FROM ' || p_table INTO v_count; -- FAULT sql-injection
    RETURN v_count;
END;
$$;
