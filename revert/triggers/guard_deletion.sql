-- Revert dsvault:triggers/guard_deletion from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER IF EXISTS _220_may_delete ON dsvault.datasets;
DROP TRIGGER IF EXISTS _220_may_delete ON dsvault.users;

COMMIT;
