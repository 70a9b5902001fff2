DROP TABLE old_orders; -- FAULT drop-table
