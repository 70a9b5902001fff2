CREATE TABLE orders (id bigint PRIMARY KEY, region text NOT NULL, total numeric NOT NULL);
CREATE VIEW order_list WITH (security_invoker = true) AS SELECT id, region FROM orders;
CREATE OR REPLACE VIEW order_list WITH (security_invoker = true) AS
SELECT id, region, total FROM orders;
