DO $$
BEGIN
    EXECUTE 'DROP INDEX CONCURRENTLY IF EXISTS orders_total_idx'; -- FAULT concurrently-in-transaction
END;
$$;
