CREATE TABLE orders (id bigint PRIMARY KEY, region text NOT NULL, total numeric NOT NULL);
CREATE VIEW order_list AS SELECT id, region, total FROM orders;
CREATE OR REPLACE VIEW order_list AS SELECT id, total FROM orders; -- FAULT replace-view-column-change
