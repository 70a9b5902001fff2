CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    v_total integer := 0;
BEGIN
    v_total := a * 2;
    v_total := v_total +; -- FAULT plpgsql-syntax-error
    RETURN v_total;
END;
$$;
