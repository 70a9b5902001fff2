CREATE TABLE items (
    id uuid PRIMARY KEY DEFAULT uuidv7(), -- FAULT newer-postgres-syntax
    name text NOT NULL
);
