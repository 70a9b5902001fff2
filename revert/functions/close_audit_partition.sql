-- Revert dsvault:functions/close_audit_partition from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.drain_audit_default();
DROP FUNCTION IF EXISTS dsvault_private.close_audit_partition(text,text);

COMMIT;
