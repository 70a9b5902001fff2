CREATE TABLE events (
    id bigint NOT NULL,
    at date NOT NULL,
    PRIMARY KEY (id) -- FAULT partition-key-not-in-unique
) PARTITION BY RANGE (at);
