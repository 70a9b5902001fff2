ALTER TABLE orders
    ALTER COLUMN placed_at TYPE timestamptz USING placed_at AT TIME ZONE 'UTC'; -- FAULT alter-type-rewrite
