-- Deploy dsvault:triggers/audit_people to pg
-- requires: functions/create_audit_log
-- requires: tables/tenants
-- requires: tables/users
-- requires: tables/roles
-- requires: tables/user_roles
-- requires: tables/schemas
-- requires: tables/encryption_keys
--
-- Why:    who belongs to a tenant, what they may do, and its keys: every change leaves an entry.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.tenants, users, roles, user_roles, schemas and
--         encryption_keys, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- Rows that one statement changes come together; PostgreSQL gives them to a trigger of one event.
CREATE OR REPLACE TRIGGER audit_tenants
    AFTER INSERT ON dsvault.tenants REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('tenant', 'id', 'id');
CREATE OR REPLACE TRIGGER audit_tenants_update
    AFTER UPDATE ON dsvault.tenants REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('tenant', 'id', 'id');
CREATE OR REPLACE TRIGGER audit_tenants_delete
    AFTER DELETE ON dsvault.tenants REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('tenant', 'id', 'id');
CREATE OR REPLACE TRIGGER audit_tenants_truncate
    AFTER TRUNCATE ON dsvault.tenants
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('tenant', 'id', 'id');

CREATE OR REPLACE TRIGGER audit_users
    AFTER INSERT ON dsvault.users REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('user', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_users_update
    AFTER UPDATE ON dsvault.users REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('user', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_users_delete
    AFTER DELETE ON dsvault.users REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('user', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_users_truncate
    AFTER TRUNCATE ON dsvault.users
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('user', 'tenant_id', 'id');

CREATE OR REPLACE TRIGGER audit_roles
    AFTER INSERT ON dsvault.roles REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('role', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_roles_update
    AFTER UPDATE ON dsvault.roles REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('role', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_roles_delete
    AFTER DELETE ON dsvault.roles REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('role', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_roles_truncate
    AFTER TRUNCATE ON dsvault.roles
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('role', 'tenant_id', 'id');

CREATE OR REPLACE TRIGGER audit_user_roles
    AFTER INSERT ON dsvault.user_roles REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT
    EXECUTE FUNCTION dsvault.create_audit_log('user_role', 'tenant_id', 'user_id', 'role_id');
CREATE OR REPLACE TRIGGER audit_user_roles_update
    AFTER UPDATE ON dsvault.user_roles REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT
    EXECUTE FUNCTION dsvault.create_audit_log('user_role', 'tenant_id', 'user_id', 'role_id');
CREATE OR REPLACE TRIGGER audit_user_roles_delete
    AFTER DELETE ON dsvault.user_roles REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT
    EXECUTE FUNCTION dsvault.create_audit_log('user_role', 'tenant_id', 'user_id', 'role_id');
CREATE OR REPLACE TRIGGER audit_user_roles_truncate
    AFTER TRUNCATE ON dsvault.user_roles
    FOR EACH STATEMENT
    EXECUTE FUNCTION dsvault.create_audit_log('user_role', 'tenant_id', 'user_id', 'role_id');

CREATE OR REPLACE TRIGGER audit_schemas
    AFTER INSERT ON dsvault.schemas REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('schema', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_schemas_update
    AFTER UPDATE ON dsvault.schemas REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('schema', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_schemas_delete
    AFTER DELETE ON dsvault.schemas REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('schema', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_schemas_truncate
    AFTER TRUNCATE ON dsvault.schemas
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('schema', 'tenant_id', 'id');

CREATE OR REPLACE TRIGGER audit_keys
    AFTER INSERT ON dsvault.encryption_keys REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('key', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_keys_update
    AFTER UPDATE ON dsvault.encryption_keys REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('key', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_keys_delete
    AFTER DELETE ON dsvault.encryption_keys REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('key', 'tenant_id', 'id');
CREATE OR REPLACE TRIGGER audit_keys_truncate
    AFTER TRUNCATE ON dsvault.encryption_keys
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log('key', 'tenant_id', 'id');

COMMIT;
