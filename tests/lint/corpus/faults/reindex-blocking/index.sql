REINDEX INDEX orders_customer_idx; -- FAULT reindex-blocking
