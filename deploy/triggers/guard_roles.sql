-- Deploy dsvault:triggers/guard_roles to pg
-- requires: functions/guard_roles
-- requires: tables/users
-- requires: tables/user_roles
--
-- Why:    a grant may not exceed what the grantor holds, and a tenant keeps its last administrator.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.users and user_roles, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- Provisioning grants in nobody's name, and is told by its role: a session can change its settings
-- in the middle of a statement, but not who executes it. A superuser is bounded by nothing anyway.
CREATE OR REPLACE TRIGGER _200_bound
    BEFORE INSERT OR UPDATE OR DELETE ON dsvault.user_roles
    FOR EACH ROW
    WHEN (current_user <> 'dsvault_definer' AND current_setting('is_superuser') = 'off')
    EXECUTE FUNCTION dsvault_private.tg_user_roles__bound();

-- Only what made an administrator can unmake one; a deleted user takes his grants with him.
CREATE OR REPLACE TRIGGER _210_keep_admin
    AFTER UPDATE OR DELETE ON dsvault.user_roles
    FOR EACH ROW WHEN (OLD.expires_at IS NULL)
    EXECUTE FUNCTION dsvault_private.tg__keep_admin('user_id');

CREATE OR REPLACE TRIGGER _210_keep_admin
    AFTER UPDATE OF status, is_deleted, deleted_at ON dsvault.users
    FOR EACH ROW WHEN (OLD.status = 'active' AND NOT OLD.is_deleted
        AND (NEW.status <> 'active' OR NEW.is_deleted))
    EXECUTE FUNCTION dsvault_private.tg__keep_admin('id');

COMMIT;
