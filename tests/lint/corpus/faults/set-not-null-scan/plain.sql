ALTER TABLE orders ALTER COLUMN note SET NOT NULL; -- FAULT set-not-null-scan
