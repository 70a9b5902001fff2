-- Revert dsvault:functions/audit_origin from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.audit_origin();

COMMIT;
