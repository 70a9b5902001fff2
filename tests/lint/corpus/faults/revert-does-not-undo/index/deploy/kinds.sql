BEGIN;
SET LOCAL lock_timeout = '2s';
CREATE TYPE note_kind AS ENUM ('plain', 'rich');
ALTER TABLE notes ADD COLUMN kind note_kind;
COMMIT;
