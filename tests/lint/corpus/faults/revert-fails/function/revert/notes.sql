BEGIN;
DROP FUNCTION touch(); -- FAULT revert-fails
DROP TABLE notes;
COMMIT;
