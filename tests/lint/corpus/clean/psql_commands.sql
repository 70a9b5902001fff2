\set ON_ERROR_STOP on
\set owner app_owner
SET client_min_messages = warning;
CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
\echo made notes
ALTER TABLE notes OWNER TO :owner;
COPY notes (id, body) FROM stdin;
1	it's; DROP TABLE
2	(((
\.
CREATE INDEX notes_body_idx ON notes (body);
