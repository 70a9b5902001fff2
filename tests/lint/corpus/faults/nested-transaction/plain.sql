BEGIN;
CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
BEGIN; -- FAULT nested-transaction
CREATE TABLE tags (id bigint PRIMARY KEY, name text NOT NULL);
COMMIT;
