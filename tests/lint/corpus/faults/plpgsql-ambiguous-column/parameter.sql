CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);
CREATE FUNCTION rename_user(id bigint, new_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE users SET name = new_name WHERE users.id = id; -- FAULT plpgsql-ambiguous-column
END;
$$;
