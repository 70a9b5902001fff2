-- Revert dsvault:functions/break_audit_glass from pg

BEGIN;

SET LOCAL ROLE dsvault_recorder;

DROP FUNCTION IF EXISTS dsvault.break_audit_glass(text, uuid);

COMMIT;
