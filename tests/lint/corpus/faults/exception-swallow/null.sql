CREATE FUNCTION log_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit (what) VALUES (TG_OP);
    RETURN NEW;
EXCEPTION WHEN OTHERS THEN -- FAULT exception-swallow
    RETURN NEW;
END;
$$;
