-- Revert dsvault:functions/guard_audit from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
DROP FUNCTION IF EXISTS dsvault_private.tg_audit_archives__refuse();
DROP FUNCTION IF EXISTS dsvault_private.tg_audit_seals__refuse();
DROP FUNCTION IF EXISTS dsvault_private.tg__refuse_truncate();

SET LOCAL ROLE dsvault_recorder;
DROP FUNCTION IF EXISTS dsvault_private.tg_audit_logs__refuse();

COMMIT;
