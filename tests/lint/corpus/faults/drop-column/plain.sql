ALTER TABLE orders DROP COLUMN note; -- FAULT drop-column
