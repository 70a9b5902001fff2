REFRESH MATERIALIZED VIEW order_totals; -- FAULT refresh-matview-blocking
