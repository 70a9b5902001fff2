CREATE TABLE events (id bigint PRIMARY KEY) PARTITION BY HASH (id);
DO $$
BEGIN
    FOR i IN 0..7 LOOP
        EXECUTE format('CREATE TABLE events_%s PARTITION OF events
            FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    END LOOP;
END;
$$;
