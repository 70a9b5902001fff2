CREATE TABLE notes (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    CONSTRAINT notes_title_check CHECK (title <> '')
);
ALTER TABLE notes ADD CONSTRAINT notes_title_check CHECK (length(title) < 200); -- FAULT duplicate-object
