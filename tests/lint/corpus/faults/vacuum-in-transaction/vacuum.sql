BEGIN;
VACUUM ANALYZE orders; -- FAULT vacuum-in-transaction
COMMIT;
