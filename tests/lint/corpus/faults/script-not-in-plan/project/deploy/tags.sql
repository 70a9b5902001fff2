BEGIN; -- FAULT script-not-in-plan
CREATE TABLE tags (id bigint PRIMARY KEY, name text NOT NULL);
COMMIT;
