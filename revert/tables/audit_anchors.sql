-- Revert dsvault:tables/audit_anchors from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TABLE IF EXISTS dsvault_private.audit_anchors;

COMMIT;
