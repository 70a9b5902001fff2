BEGIN;

CREATE FUNCTION bench.stamp_0() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.created_at := now();
    RETURN NEW;
END
$$;

CREATE TRIGGER stamp BEFORE INSERT ON bench.things_0
    FOR EACH ROW EXECUTE FUNCTION bench.stamp_0();

COMMIT;
