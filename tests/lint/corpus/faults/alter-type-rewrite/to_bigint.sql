ALTER TABLE orders ALTER COLUMN id TYPE bigint; -- FAULT alter-type-rewrite
