DROP INDEX IF EXISTS orders_customer_idx; -- FAULT drop-index-blocking
