CREATE TABLE notes (id bigint PRIMARY KEY, parent_id bigint, kind text NOT NULL,
    CONSTRAINT notes_kind_check CHECK (kind IN ('a', 'b')));
CREATE VIEW roots WITH (security_invoker = true) AS
SELECT n.id FROM notes AS n
WHERE n.parent_id IS NULL AND n.kind IS DISTINCT FROM NULL;
