CREATE TABLE cache (id bigint PRIMARY KEY, value text NOT NULL);
CREATE FUNCTION clear_cache() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM cache;
END;
$$;
