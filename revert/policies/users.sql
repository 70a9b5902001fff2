-- Revert dsvault:policies/users from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.users
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

DROP POLICY IF EXISTS users_definer_update ON dsvault.users;
DROP POLICY IF EXISTS users_definer_delete ON dsvault.users;
DROP POLICY IF EXISTS users_definer_insert ON dsvault.users;
DROP POLICY IF EXISTS users_definer_select ON dsvault.users;
DROP POLICY IF EXISTS users_auditor_select ON dsvault.users;
DROP POLICY IF EXISTS users_app_delete ON dsvault.users;
DROP POLICY IF EXISTS users_app_update ON dsvault.users;
DROP POLICY IF EXISTS users_app_insert ON dsvault.users;
DROP POLICY IF EXISTS users_app_select ON dsvault.users;
DROP POLICY IF EXISTS tenant_isolation_users ON dsvault.users;

ALTER TABLE dsvault.users NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.users DISABLE ROW LEVEL SECURITY;

COMMIT;
