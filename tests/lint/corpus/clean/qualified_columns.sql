CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);
CREATE FUNCTION rename_user(p_id bigint, p_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE users AS u SET name = p_name WHERE u.id = p_id;
END;
$$;
CREATE FUNCTION name_of(id bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT u.name FROM users AS u WHERE u.id = name_of.id);
END;
$$;
