-- Revert dsvault:policies/roles from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.roles
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

DROP POLICY IF EXISTS roles_definer_delete ON dsvault.roles;
DROP POLICY IF EXISTS roles_owner_all ON dsvault.roles;
DROP POLICY IF EXISTS roles_definer_update ON dsvault.roles;
DROP POLICY IF EXISTS roles_definer_insert ON dsvault.roles;
DROP POLICY IF EXISTS roles_definer_select ON dsvault.roles;
DROP POLICY IF EXISTS roles_auditor_select ON dsvault.roles;
DROP POLICY IF EXISTS roles_app_delete ON dsvault.roles;
DROP POLICY IF EXISTS roles_app_update ON dsvault.roles;
DROP POLICY IF EXISTS roles_app_insert ON dsvault.roles;
DROP POLICY IF EXISTS roles_app_select ON dsvault.roles;
DROP POLICY IF EXISTS tenant_isolation_roles ON dsvault.roles;

ALTER TABLE dsvault.roles NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.roles DISABLE ROW LEVEL SECURITY;

COMMIT;
