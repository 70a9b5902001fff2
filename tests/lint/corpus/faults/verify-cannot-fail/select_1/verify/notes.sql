BEGIN;
SELECT 1; -- FAULT verify-cannot-fail
ROLLBACK;
