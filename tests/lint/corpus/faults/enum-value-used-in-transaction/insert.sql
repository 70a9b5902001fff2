BEGIN;
ALTER TYPE order_status ADD VALUE 'refunded';
UPDATE orders SET status = 'refunded' WHERE id = 7; -- FAULT enum-value-used-in-transaction
COMMIT;
