-- Deploy dsvault:triggers/guard_retention to pg
-- requires: functions/guard_retention
-- requires: tables/datasets
-- requires: tables/dataset_versions
-- requires: tables/records
--
-- Why:    legal_hold and min_days of a dataset stop whoever deletes, not maintenance alone.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.datasets, dataset_versions and records, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- Functions of the definer ask for themselves: retention_due() and may_erase().
CREATE OR REPLACE TRIGGER _240_retained_delete
    BEFORE DELETE ON dsvault.datasets
    FOR EACH ROW WHEN (current_user <> 'dsvault_definer')
    EXECUTE FUNCTION dsvault_private.tg_datasets__retained();

-- After the one that asks for the permission: who may not delete is not told of holds.
CREATE OR REPLACE TRIGGER _240_retained_update
    AFTER UPDATE ON dsvault.datasets
    FOR EACH ROW WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL)
    EXECUTE FUNCTION dsvault_private.tg_datasets__retained();

CREATE OR REPLACE TRIGGER _240_retained_delete
    AFTER DELETE ON dsvault.dataset_versions
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT WHEN (current_user <> 'dsvault_definer')
    EXECUTE FUNCTION dsvault_private.tg_versions__retained();

CREATE OR REPLACE TRIGGER _240_retained_delete
    AFTER DELETE ON dsvault.records
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT WHEN (current_user <> 'dsvault_definer')
    EXECUTE FUNCTION dsvault_private.tg_records__retained();

COMMIT;
