-- Deploy dsvault:triggers/track_usage to pg
-- requires: functions/track_usage
-- requires: tables/dataset_versions
--
-- Why:    what a tenant uses is kept exactly, whoever publishes or removes versions.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.dataset_versions, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE OR REPLACE TRIGGER _500_usage_insert
    AFTER INSERT ON dsvault.dataset_versions
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg_dataset_versions__usage();

CREATE OR REPLACE TRIGGER _500_usage_update
    AFTER UPDATE ON dsvault.dataset_versions
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg_dataset_versions__usage();

CREATE OR REPLACE TRIGGER _500_usage_delete
    AFTER DELETE ON dsvault.dataset_versions
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg_dataset_versions__usage();

COMMIT;
