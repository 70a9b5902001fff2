BEGIN;
ALTER TABLE orders ADD COLUMN note text; -- FAULT missing-lock-timeout
COMMIT;
