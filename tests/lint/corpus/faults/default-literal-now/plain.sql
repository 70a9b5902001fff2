CREATE TABLE notes (
    id bigint PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT 'now'::timestamptz -- FAULT default-literal-now
);
