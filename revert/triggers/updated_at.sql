-- Revert dsvault:triggers/updated_at from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER IF EXISTS update_datasets_updated_at ON dsvault.datasets;
DROP TRIGGER IF EXISTS update_roles_updated_at ON dsvault.roles;
DROP TRIGGER IF EXISTS update_users_updated_at ON dsvault.users;
DROP TRIGGER IF EXISTS update_tenants_updated_at ON dsvault.tenants;

COMMIT;
