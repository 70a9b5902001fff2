-- Revert dsvault:functions/log_event from pg

BEGIN;

SET LOCAL ROLE dsvault_recorder;

DROP FUNCTION IF EXISTS dsvault.log_event(text, text, uuid, jsonb);

COMMIT;
