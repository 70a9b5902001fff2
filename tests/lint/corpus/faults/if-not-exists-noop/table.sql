CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
CREATE TABLE IF NOT EXISTS notes (id bigint PRIMARY KEY, body text NOT NULL, title text); -- FAULT if-not-exists-noop
