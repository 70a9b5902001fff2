CREATE EXTENSION IF NOT EXISTS pgcrypto;
CREATE SCHEMA IF NOT EXISTS app;
CREATE TABLE app.notes (id bigint PRIMARY KEY, title text NOT NULL);
CREATE OR REPLACE FUNCTION app.title_of(p_id bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT n.title FROM app.notes AS n WHERE n.id = p_id
$$;
