-- Revert dsvault:functions/sealed_month from pg

BEGIN;

SET LOCAL ROLE dsvault_recorder;

DROP FUNCTION IF EXISTS dsvault_private.archives_hash(uuid);
DROP FUNCTION IF EXISTS dsvault_private.sealed_month(timestamptz, timestamptz);

COMMIT;
