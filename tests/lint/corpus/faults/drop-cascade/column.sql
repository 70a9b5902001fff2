ALTER TABLE orders DROP CONSTRAINT orders_pkey CASCADE; -- FAULT drop-cascade
