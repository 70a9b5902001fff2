-- Revert dsvault:functions/audit_changes from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.audit_action(text, text, jsonb);
DROP FUNCTION IF EXISTS dsvault_private.redaction(text, text);
DROP FUNCTION IF EXISTS dsvault.audit_redacted_columns(text);

COMMIT;
