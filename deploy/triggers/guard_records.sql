-- Deploy dsvault:triggers/guard_records to pg
-- requires: functions/guard_records
-- requires: tables/records
--
-- Why:    the records of a version are part of it: they are frozen when it is published.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.records, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- One look a statement. Functions of the definer erase whole tenants, in batches.
CREATE OR REPLACE TRIGGER _200_frozen_insert
    AFTER INSERT ON dsvault.records
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT WHEN (current_user <> 'dsvault_definer')
    EXECUTE FUNCTION dsvault_private.tg_records__frozen();

CREATE OR REPLACE TRIGGER _200_frozen_update
    AFTER UPDATE ON dsvault.records
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT WHEN (current_user <> 'dsvault_definer')
    EXECUTE FUNCTION dsvault_private.tg_records__frozen();

CREATE OR REPLACE TRIGGER _200_frozen_delete
    AFTER DELETE ON dsvault.records
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT WHEN (current_user <> 'dsvault_definer')
    EXECUTE FUNCTION dsvault_private.tg_records__frozen();

COMMIT;
