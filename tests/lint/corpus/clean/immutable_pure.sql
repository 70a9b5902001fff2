CREATE FUNCTION slug(p_text text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT lower(regexp_replace(p_text, '[^a-zA-Z0-9]+', '-', 'g'))
$$;
CREATE TABLE notes (id bigint PRIMARY KEY, title text NOT NULL);
CREATE INDEX notes_slug_idx ON notes (slug(title));
