-- Revert dsvault:functions/audit_months from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.audit_months(integer);

SET LOCAL ROLE dsvault_recorder;

DROP FUNCTION IF EXISTS dsvault_private.audit_month_content(timestamptz, timestamptz);

COMMIT;
