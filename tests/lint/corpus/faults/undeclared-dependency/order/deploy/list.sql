BEGIN;
CREATE VIEW note_list WITH (security_invoker = true) AS SELECT id, body FROM notes;
COMMIT;
