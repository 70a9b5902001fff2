CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE notes (
    id bigint PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES authors (id) -- FAULT fk-unindexed
);
