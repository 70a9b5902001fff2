BEGIN; -- FAULT uncommitted-transaction
CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
