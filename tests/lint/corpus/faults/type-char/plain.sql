CREATE TABLE countries (
    id bigint PRIMARY KEY,
    code char(2) NOT NULL -- FAULT type-char
);
