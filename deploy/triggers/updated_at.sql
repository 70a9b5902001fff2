-- Deploy dsvault:triggers/updated_at to pg
-- requires: functions/update_updated_at_column
-- requires: tables/tenants
-- requires: tables/users
-- requires: tables/roles
-- requires: tables/datasets
--
-- Why:    updated_at tells when a row last changed, whoever changed it.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.tenants, users, roles and datasets, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE OR REPLACE TRIGGER update_tenants_updated_at
    BEFORE UPDATE ON dsvault.tenants
    FOR EACH ROW EXECUTE FUNCTION dsvault.update_updated_at_column();

CREATE OR REPLACE TRIGGER update_users_updated_at
    BEFORE UPDATE ON dsvault.users
    FOR EACH ROW EXECUTE FUNCTION dsvault.update_updated_at_column();

CREATE OR REPLACE TRIGGER update_roles_updated_at
    BEFORE UPDATE ON dsvault.roles
    FOR EACH ROW EXECUTE FUNCTION dsvault.update_updated_at_column();

CREATE OR REPLACE TRIGGER update_datasets_updated_at
    BEFORE UPDATE ON dsvault.datasets
    FOR EACH ROW EXECUTE FUNCTION dsvault.update_updated_at_column();

COMMIT;
