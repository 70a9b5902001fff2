CREATE TABLE notes (id bigint PRIMARY KEY, title text NOT NULL);
CREATE RULE notes_keep AS ON DELETE TO notes DO INSTEAD NOTHING; -- FAULT rule-on-table
