BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders DISABLE TRIGGER orders_touch;
UPDATE orders SET note = '' WHERE id = 4;
ALTER TABLE orders ENABLE TRIGGER orders_touch;
COMMIT;
