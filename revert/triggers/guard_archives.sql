-- Revert dsvault:triggers/guard_archives from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER IF EXISTS _200_refuse_truncate ON dsvault.audit_archives;
DROP TRIGGER IF EXISTS _200_refuse ON dsvault.audit_archives;

COMMIT;
