CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);
CREATE FUNCTION list_users() RETURNS TABLE (id bigint, name text) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT id, name FROM users; -- FAULT plpgsql-ambiguous-column
END;
$$;
