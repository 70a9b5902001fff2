CREATE TABLE orders (id bigint PRIMARY KEY, region text NOT NULL, total numeric NOT NULL);
CREATE MATERIALIZED VIEW totals AS SELECT region, sum(total) AS total FROM orders GROUP BY region;
REFRESH MATERIALIZED VIEW CONCURRENTLY totals; -- FAULT refresh-concurrently-no-unique-index
