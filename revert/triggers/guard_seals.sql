-- Revert dsvault:triggers/guard_seals from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER IF EXISTS _200_refuse_truncate ON dsvault.audit_seals;
DROP TRIGGER IF EXISTS _200_refuse ON dsvault.audit_seals;

COMMIT;
