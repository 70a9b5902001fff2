CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1;
    v_count := 2; -- FAULT plpgsql-syntax-error
END;
$$;
