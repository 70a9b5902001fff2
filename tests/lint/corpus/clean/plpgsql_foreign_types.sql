CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'glad');
CREATE TABLE app.people (id bigint PRIMARY KEY, mood app.mood NOT NULL);
CREATE FUNCTION app.cheer(p_id bigint, p_mood app.mood) RETURNS app.people LANGUAGE plpgsql AS $$
DECLARE
    v_row app.people%ROWTYPE;
    v_mood app.mood := p_mood;
BEGIN
    UPDATE app.people AS p SET mood = v_mood WHERE p.id = p_id RETURNING p.* INTO v_row;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nobody has id %', p_id USING ERRCODE = 'PP001';
    END IF;
    CASE v_mood WHEN 'sad' THEN NULL; ELSE RAISE NOTICE 'fine'; END CASE;
    FOR v_row IN SELECT * FROM app.people LOOP
        CONTINUE WHEN v_row.id = p_id;
        EXIT;
    END LOOP;
    RETURN v_row;
END;
$$;
