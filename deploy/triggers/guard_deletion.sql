-- Deploy dsvault:triggers/guard_deletion to pg
-- requires: functions/guard_deletion
-- requires: tables/users
-- requires: tables/datasets
--
-- Why:    marking a user or a dataset deleted takes the same permission as deleting it.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.users and datasets, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- Functions of the definer decide for themselves; a superuser is bounded by nothing anyway.
CREATE OR REPLACE TRIGGER _220_may_delete
    AFTER UPDATE ON dsvault.users
    FOR EACH ROW
    WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL
        AND current_user <> 'dsvault_definer' AND current_setting('is_superuser') = 'off')
    EXECUTE FUNCTION dsvault_private.tg__may_delete('user:delete');

CREATE OR REPLACE TRIGGER _220_may_delete
    AFTER UPDATE ON dsvault.datasets
    FOR EACH ROW
    WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL
        AND current_user <> 'dsvault_definer' AND current_setting('is_superuser') = 'off')
    EXECUTE FUNCTION dsvault_private.tg__may_delete('dataset:delete');

COMMIT;
