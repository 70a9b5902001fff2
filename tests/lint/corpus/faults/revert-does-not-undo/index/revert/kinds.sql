BEGIN;
ALTER TABLE notes DROP COLUMN kind; -- FAULT revert-does-not-undo
COMMIT;
