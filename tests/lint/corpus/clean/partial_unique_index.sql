CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, external_id text, deleted_at timestamptz);
CREATE UNIQUE INDEX users_email_key ON users (email) WHERE deleted_at IS NULL;
-- Any number of users may do without an external identity.
CREATE UNIQUE INDEX users_external_key ON users (external_id);
