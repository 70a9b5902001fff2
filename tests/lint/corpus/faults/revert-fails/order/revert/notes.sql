BEGIN;
DROP TABLE authors; -- FAULT revert-fails
DROP TABLE notes;
COMMIT;
