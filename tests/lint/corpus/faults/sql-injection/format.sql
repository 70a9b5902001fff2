CREATE FUNCTION app.find(p_name text) RETURNS SETOF app.notes LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT * FROM app.notes WHERE name = ''%s''', p_name); -- FAULT sql-injection
END;
$$;
