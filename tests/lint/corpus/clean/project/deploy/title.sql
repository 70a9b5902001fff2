BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE notes ADD COLUMN title text;
COMMIT;
