CREATE TABLE events (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- FAULT pk-int4
    name text NOT NULL
);
