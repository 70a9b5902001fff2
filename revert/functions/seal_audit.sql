-- Revert dsvault:functions/seal_audit from pg

BEGIN;

SET LOCAL ROLE dsvault_recorder;

DROP FUNCTION IF EXISTS dsvault.seal_audit();

COMMIT;
