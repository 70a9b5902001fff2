ALTER TABLE orders ADD COLUMN region text NOT NULL; -- FAULT add-column-not-null-no-default
