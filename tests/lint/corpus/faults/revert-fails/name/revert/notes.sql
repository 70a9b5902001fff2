BEGIN;
DROP TABLE note; -- FAULT revert-fails
COMMIT;
