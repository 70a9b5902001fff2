CREATE TABLE users (
    id bigint PRIMARY KEY,
    external_id text,
    UNIQUE (external_id) NULLS NOT DISTINCT -- FAULT syntax-error
);
