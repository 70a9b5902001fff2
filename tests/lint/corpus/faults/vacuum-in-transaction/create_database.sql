BEGIN;
CREATE DATABASE reporting; -- FAULT vacuum-in-transaction
COMMIT;
