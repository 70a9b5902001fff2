-- Revert dsvault:functions/seal_range from pg

BEGIN;

SET LOCAL ROLE dsvault_recorder;

DROP FUNCTION IF EXISTS dsvault_private.seal_range(xid8, xid8);
DROP FUNCTION IF EXISTS dsvault_private.seal_hash(dsvault.audit_seals);
DROP FUNCTION IF EXISTS dsvault_private.entry_text(dsvault.audit_logs);

COMMIT;
