BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE notes DROP COLUMN title;
COMMIT;
