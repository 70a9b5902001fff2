BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN region text;
COMMIT;
BEGIN;
UPDATE orders SET region = 'eu' WHERE region IS NULL AND id BETWEEN 1 AND 5000;
COMMIT;
