CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text NOT NULL,
    deleted_at timestamptz,
    CONSTRAINT users_email_key UNIQUE (email) WHERE deleted_at IS NULL -- FAULT syntax-error
);
