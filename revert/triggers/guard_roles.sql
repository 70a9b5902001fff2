-- Revert dsvault:triggers/guard_roles from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER IF EXISTS _210_keep_admin ON dsvault.users;
DROP TRIGGER IF EXISTS _210_keep_admin ON dsvault.user_roles;
DROP TRIGGER IF EXISTS _200_bound ON dsvault.user_roles;

COMMIT;
