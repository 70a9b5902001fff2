ALTER TABLE orders RENAME TO purchases; -- FAULT rename-table
