-- Deploy dsvault:policies/users to pg
-- requires: tables/users
-- requires: functions/tenant_for
--
-- Why:    users are seen and managed within their tenant, by permission, until they are deleted.
-- Locks:  ACCESS EXCLUSIVE on dsvault.users, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.users FORCE ROW LEVEL SECURITY;

-- The floor below every policy.
DROP POLICY IF EXISTS tenant_isolation_users ON dsvault.users;
CREATE POLICY tenant_isolation_users ON dsvault.users AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_users ON dsvault.users IS
    'No row of another tenant, whatever the other policies say.';

-- What is deleted is hidden from the next transaction on; policies/datasets says why not at once.
DROP POLICY IF EXISTS users_app_select ON dsvault.users;
CREATE POLICY users_app_select ON dsvault.users FOR SELECT
    TO dsvault_app, dsvault_reader
    USING (tenant_id = (SELECT dsvault.tenant_for('tenant:member'))
        AND ((SELECT dsvault.tenant_for('user:read')) IS NOT NULL
            OR id = (SELECT dsvault.current_user_id()))
        AND (deleted_at IS NULL OR deleted_at >= (SELECT now())));
COMMENT ON POLICY users_app_select ON dsvault.users IS
    'A user sees himself; with user:read he sees all users of the tenant who are not deleted.';

DROP POLICY IF EXISTS users_app_insert ON dsvault.users;
CREATE POLICY users_app_insert ON dsvault.users FOR INSERT
    TO dsvault_app
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('user:create')));
COMMENT ON POLICY users_app_insert ON dsvault.users IS
    'user:create makes users of the tenant.';

DROP POLICY IF EXISTS users_app_update ON dsvault.users;
CREATE POLICY users_app_update ON dsvault.users FOR UPDATE
    TO dsvault_app
    USING (tenant_id = (SELECT dsvault.tenant_for('user:update'))
        AND (deleted_at IS NULL OR deleted_at >= (SELECT now())))
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('user:update')));
COMMENT ON POLICY users_app_update ON dsvault.users IS
    'user:update changes users of the tenant, and marks them deleted with user:delete.';

DROP POLICY IF EXISTS users_app_delete ON dsvault.users;
CREATE POLICY users_app_delete ON dsvault.users FOR DELETE
    TO dsvault_app
    USING (tenant_id = (SELECT dsvault.tenant_for('user:delete'))
        AND (deleted_at IS NULL OR deleted_at >= (SELECT now())));
COMMENT ON POLICY users_app_delete ON dsvault.users IS
    'user:delete removes users of the tenant.';

DROP POLICY IF EXISTS users_auditor_select ON dsvault.users;
CREATE POLICY users_auditor_select ON dsvault.users FOR SELECT
    TO dsvault_auditor
    USING (tenant_id = (SELECT dsvault.tenant_for('audit:read')));
COMMENT ON POLICY users_auditor_select ON dsvault.users IS
    'audit:read sees who is meant by an audit entry.';

DROP POLICY IF EXISTS users_definer_select ON dsvault.users;
CREATE POLICY users_definer_select ON dsvault.users FOR SELECT
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY users_definer_select ON dsvault.users IS
    'Definer functions see the users of the tenant they work for.';

DROP POLICY IF EXISTS users_definer_insert ON dsvault.users;
CREATE POLICY users_definer_insert ON dsvault.users FOR INSERT
    TO dsvault_definer
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY users_definer_insert ON dsvault.users IS
    'Provisioning makes the first administrator.';

DROP POLICY IF EXISTS users_definer_delete ON dsvault.users;
CREATE POLICY users_definer_delete ON dsvault.users FOR DELETE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY users_definer_delete ON dsvault.users IS
    'Erasure removes users of the tenant it works for.';

DROP POLICY IF EXISTS users_definer_update ON dsvault.users;
CREATE POLICY users_definer_update ON dsvault.users FOR UPDATE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY users_definer_update ON dsvault.users IS
    'Restoring brings users of the tenant back.';

REVOKE ALL ON dsvault.users
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;
GRANT SELECT ON dsvault.users TO dsvault_app, dsvault_reader, dsvault_auditor;
GRANT INSERT (id, external_id, email, email_verified, name, avatar_url, status)
    ON dsvault.users TO dsvault_app;
GRANT UPDATE (external_id, email, email_verified, name, avatar_url, status,
    last_login_at, last_login_ip, is_deleted, deleted_at)
    ON dsvault.users TO dsvault_app;
GRANT DELETE ON dsvault.users TO dsvault_app;
GRANT SELECT, INSERT, DELETE ON dsvault.users TO dsvault_definer;
GRANT UPDATE (is_deleted, deleted_at) ON dsvault.users TO dsvault_definer;
-- dsvault_operator: no access.

COMMIT;
