CREATE FUNCTION next_code() RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT md5(random()::text) $$;
ALTER TABLE orders
    ADD COLUMN code text DEFAULT next_code(); -- FAULT add-column-volatile-default
