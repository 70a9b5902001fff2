CREATE TABLE events ( -- FAULT no-primary-key
    at timestamptz NOT NULL,
    name text NOT NULL
);
