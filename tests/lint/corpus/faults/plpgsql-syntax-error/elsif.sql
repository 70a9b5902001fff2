CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    IF a = 1 THEN
        RETURN 1;
    ELSE IF a = 2 THEN
        RETURN 2;
    END IF;
    RETURN 3;
END; -- FAULT plpgsql-syntax-error
$$;
