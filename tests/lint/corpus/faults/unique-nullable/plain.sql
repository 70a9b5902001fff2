CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text NOT NULL,
    deleted_at timestamptz,
    UNIQUE (email, deleted_at) -- FAULT unique-nullable
);
