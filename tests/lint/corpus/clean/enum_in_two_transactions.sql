ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'refunded';
BEGIN;
UPDATE orders SET status = 'refunded' WHERE id = 7;
COMMIT;
