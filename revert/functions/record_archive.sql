-- Revert dsvault:functions/record_archive from pg

BEGIN;

SET LOCAL ROLE dsvault_recorder;

DROP FUNCTION IF EXISTS dsvault_private.record_drop(text, bytea);
DROP FUNCTION IF EXISTS
    dsvault_private.record_archive(text, timestamptz, timestamptz, text, bytea, bytea);

COMMIT;
