CREATE TABLE notes (id bigint PRIMARY KEY, parent_id bigint);
CREATE VIEW roots AS
SELECT id FROM notes
WHERE parent_id = NULL; -- FAULT comparison-with-null
