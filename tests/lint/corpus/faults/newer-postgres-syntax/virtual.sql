CREATE TABLE items (
    id bigint PRIMARY KEY,
    net numeric NOT NULL,
    gross numeric GENERATED ALWAYS AS (net * 1.2) VIRTUAL -- FAULT newer-postgres-syntax
);
