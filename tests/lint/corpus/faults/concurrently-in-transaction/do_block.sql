DO $$
BEGIN
    IF to_regclass('orders_total_idx') IS NULL THEN
        CREATE INDEX CONCURRENTLY orders_total_idx ON orders (total); -- FAULT concurrently-in-transaction
    END IF;
END;
$$;
