BEGIN;
SELECT id, title FROM note_list WHERE false;
ROLLBACK;
