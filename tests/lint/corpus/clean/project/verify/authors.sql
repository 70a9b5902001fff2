BEGIN;
SELECT id, name FROM authors WHERE false;
ROLLBACK;
