CREATE TABLE notes (
    id bigint PRIMARY KEY,
    created_at timestamp NOT NULL DEFAULT now() -- FAULT timestamp-without-tz
);
