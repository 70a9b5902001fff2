-- Deploy dsvault:tables/user_roles to pg
-- requires: tables/users
-- requires: tables/roles
-- requires: functions/current_user_id
--
-- Why:    users hold roles, some of them for a time only.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.users and roles for foreign keys, no scan.
-- Data:   none.
-- Revert: loses every grant of a role to a user.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE IF NOT EXISTS dsvault.user_roles (
    user_id    uuid        NOT NULL,
    role_id    uuid        NOT NULL,
    tenant_id  uuid        NOT NULL DEFAULT dsvault.current_tenant_id(),
    granted_at timestamptz NOT NULL DEFAULT now(),
    granted_by uuid        DEFAULT dsvault.current_user_id(),
    expires_at timestamptz DEFAULT NULL,
    CONSTRAINT user_roles_pkey PRIMARY KEY (tenant_id, user_id, role_id),
    CONSTRAINT user_roles_user_fk FOREIGN KEY (tenant_id, user_id)
        REFERENCES dsvault.users (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT user_roles_role_fk FOREIGN KEY (tenant_id, role_id)
        REFERENCES dsvault.roles (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT user_roles_granted_by_fk FOREIGN KEY (tenant_id, granted_by)
        REFERENCES dsvault.users (tenant_id, id) ON DELETE SET NULL (granted_by)
);

CREATE INDEX IF NOT EXISTS idx_user_roles_role ON dsvault.user_roles (tenant_id, role_id);
CREATE INDEX IF NOT EXISTS idx_user_roles_granted_by ON dsvault.user_roles (tenant_id, granted_by)
    WHERE granted_by IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_user_roles_expires ON dsvault.user_roles (tenant_id, expires_at)
    WHERE expires_at IS NOT NULL;

COMMENT ON TABLE dsvault.user_roles IS 'Many-to-many mapping between users and roles';
COMMENT ON COLUMN dsvault.user_roles.user_id IS 'User who holds the role.';
COMMENT ON COLUMN dsvault.user_roles.role_id IS 'Role that the user holds.';
COMMENT ON COLUMN dsvault.user_roles.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes.';
COMMENT ON COLUMN dsvault.user_roles.granted_at IS 'When the role was granted.';
COMMENT ON COLUMN dsvault.user_roles.granted_by IS
    'User who granted the role, the session''s user if left out; NULL for provisioning and where '
    'the user is gone.';
COMMENT ON COLUMN dsvault.user_roles.expires_at IS 'Temporary role grants expire automatically';

COMMIT;
