CREATE TABLE notes (
    id bigint PRIMARY KEY,
    kind text,
    CONSTRAINT notes_kind_check CHECK (kind IN ('a', 'b', NULL)) -- FAULT comparison-with-null
);
