-- Revert dsvault:policies/user_roles from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.user_roles
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

DROP POLICY IF EXISTS user_roles_definer_delete ON dsvault.user_roles;
DROP POLICY IF EXISTS user_roles_definer_insert ON dsvault.user_roles;
DROP POLICY IF EXISTS user_roles_definer_select ON dsvault.user_roles;
DROP POLICY IF EXISTS user_roles_auditor_select ON dsvault.user_roles;
DROP POLICY IF EXISTS user_roles_app_delete ON dsvault.user_roles;
DROP POLICY IF EXISTS user_roles_app_update ON dsvault.user_roles;
DROP POLICY IF EXISTS user_roles_app_insert ON dsvault.user_roles;
DROP POLICY IF EXISTS user_roles_app_select ON dsvault.user_roles;
DROP POLICY IF EXISTS tenant_isolation_user_roles ON dsvault.user_roles;

ALTER TABLE dsvault.user_roles NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.user_roles DISABLE ROW LEVEL SECURITY;

COMMIT;
