-- Revert dsvault:functions/retention_notes from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.retention_notes(uuid);
DROP FUNCTION IF EXISTS dsvault_private.note_retention(uuid, text, jsonb);

COMMIT;
