-- Deploy dsvault:triggers/guard_records to pg
-- requires: functions/guard_records
-- requires: tables/records
--
-- Why:    the records of a version are part of it: they are frozen when it is published.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.records and its partitions, no scan.
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

-- None of them, nor any other statement trigger of the parent, fires for a partition that is named.
DO $$
BEGIN
    FOR i IN 0..15 LOOP
        EXECUTE pg_catalog.format(
            'CREATE OR REPLACE TRIGGER _200_refuse_by_name
                BEFORE INSERT OR UPDATE OR DELETE ON dsvault.%I
                FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg_records__refuse_by_name()',
            'records_p' || i);
    END LOOP;
END;
$$;

COMMIT;
