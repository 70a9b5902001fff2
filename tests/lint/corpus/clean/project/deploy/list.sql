BEGIN;
CREATE VIEW note_list WITH (security_invoker = true) AS SELECT id, title FROM notes;
COMMIT;
