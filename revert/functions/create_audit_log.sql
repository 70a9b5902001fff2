-- Revert dsvault:functions/create_audit_log from pg

BEGIN;

SET LOCAL ROLE dsvault_recorder;

DROP FUNCTION IF EXISTS dsvault_private.tg_records__audit();
DROP FUNCTION IF EXISTS dsvault.create_audit_log();

COMMIT;
