DROP VIEW order_totals CASCADE; -- FAULT drop-cascade
