-- Deploy dsvault:triggers/soft_delete to pg
-- requires: functions/soft_delete
-- requires: tables/tenants
-- requires: tables/users
-- requires: tables/datasets
--
-- Why:    the design's trigger fired on is_deleted and tested deleted_at: neither was kept.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.tenants, users and datasets, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- They fire before update_*_updated_at, in order of their names, so that it sees their work.
CREATE OR REPLACE TRIGGER soft_delete_tenants
    BEFORE INSERT OR UPDATE ON dsvault.tenants
    FOR EACH ROW EXECUTE FUNCTION dsvault.soft_delete('is_deleted');

CREATE OR REPLACE TRIGGER soft_delete_users
    BEFORE INSERT OR UPDATE ON dsvault.users
    FOR EACH ROW EXECUTE FUNCTION dsvault.soft_delete('is_deleted');

CREATE OR REPLACE TRIGGER soft_delete_datasets
    BEFORE INSERT OR UPDATE ON dsvault.datasets
    FOR EACH ROW EXECUTE FUNCTION dsvault.soft_delete();

COMMIT;
