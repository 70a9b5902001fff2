-- Revert dsvault:triggers/guard_audit from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- Partitions keep theirs: they had it before.
DROP TRIGGER IF EXISTS _200_refuse_truncate ON dsvault.audit_logs;
DROP TRIGGER IF EXISTS _200_refuse ON dsvault.audit_logs;

COMMIT;
