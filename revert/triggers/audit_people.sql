-- Revert dsvault:triggers/audit_people from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER IF EXISTS audit_keys_truncate ON dsvault.encryption_keys;
DROP TRIGGER IF EXISTS audit_keys_delete ON dsvault.encryption_keys;
DROP TRIGGER IF EXISTS audit_keys_update ON dsvault.encryption_keys;
DROP TRIGGER IF EXISTS audit_keys ON dsvault.encryption_keys;
DROP TRIGGER IF EXISTS audit_schemas_truncate ON dsvault.schemas;
DROP TRIGGER IF EXISTS audit_schemas_delete ON dsvault.schemas;
DROP TRIGGER IF EXISTS audit_schemas_update ON dsvault.schemas;
DROP TRIGGER IF EXISTS audit_schemas ON dsvault.schemas;
DROP TRIGGER IF EXISTS audit_user_roles_truncate ON dsvault.user_roles;
DROP TRIGGER IF EXISTS audit_user_roles_delete ON dsvault.user_roles;
DROP TRIGGER IF EXISTS audit_user_roles_update ON dsvault.user_roles;
DROP TRIGGER IF EXISTS audit_user_roles ON dsvault.user_roles;
DROP TRIGGER IF EXISTS audit_roles_truncate ON dsvault.roles;
DROP TRIGGER IF EXISTS audit_roles_delete ON dsvault.roles;
DROP TRIGGER IF EXISTS audit_roles_update ON dsvault.roles;
DROP TRIGGER IF EXISTS audit_roles ON dsvault.roles;
DROP TRIGGER IF EXISTS audit_users_truncate ON dsvault.users;
DROP TRIGGER IF EXISTS audit_users_delete ON dsvault.users;
DROP TRIGGER IF EXISTS audit_users_update ON dsvault.users;
DROP TRIGGER IF EXISTS audit_users ON dsvault.users;
DROP TRIGGER IF EXISTS audit_tenants_truncate ON dsvault.tenants;
DROP TRIGGER IF EXISTS audit_tenants_delete ON dsvault.tenants;
DROP TRIGGER IF EXISTS audit_tenants_update ON dsvault.tenants;
DROP TRIGGER IF EXISTS audit_tenants ON dsvault.tenants;

COMMIT;
