BEGIN;
INSERT INTO notes (id, body) VALUES (-1, 'probe'); -- FAULT verify-has-side-effects
SELECT 1 / count(*) FROM notes WHERE id = -1;
COMMIT;
