CREATE TABLE people (
    id bigint PRIMARY KEY,
    born date NOT NULL,
    age interval GENERATED ALWAYS AS (current_date - born::timestamptz) STORED -- FAULT index-expression-not-immutable
);
