BEGIN;
SET LOCAL lock_timeout = '2s';
LOCK TABLE orders IN SHARE ROW EXCLUSIVE MODE; -- FAULT explicit-table-lock
COMMIT;
