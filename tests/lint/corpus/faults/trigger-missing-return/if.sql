CREATE FUNCTION check_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.total < 0 THEN -- FAULT trigger-missing-return
        RAISE EXCEPTION 'negative';
    END IF;
END;
$$;
