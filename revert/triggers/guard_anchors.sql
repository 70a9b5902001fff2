-- Revert dsvault:triggers/guard_anchors from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER IF EXISTS _200_refuse_truncate ON dsvault_private.audit_anchors;
DROP TRIGGER IF EXISTS _200_refuse ON dsvault_private.audit_anchors;

COMMIT;
