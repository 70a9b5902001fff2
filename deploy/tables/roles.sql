-- Deploy dsvault:tables/roles to pg
-- requires: tables/users
-- requires: functions/permission_catalogue
--
-- Why:    a role names a set of permissions; users hold roles, not permissions.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.tenants and users for foreign keys, no scan.
-- Data:   none.
-- Revert: loses every role; refuses while user_roles refers to it.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE IF NOT EXISTS dsvault.roles (
    id             uuid         NOT NULL DEFAULT gen_random_uuid(),
    tenant_id      uuid         NOT NULL DEFAULT dsvault.current_tenant_id(),
    name           varchar(100) NOT NULL,
    description    text         DEFAULT NULL,
    permissions    jsonb        NOT NULL DEFAULT '[]'::jsonb,
    is_system_role boolean      NOT NULL DEFAULT false,
    created_at     timestamptz  NOT NULL DEFAULT now(),
    updated_at     timestamptz  NOT NULL DEFAULT now(),
    created_by     uuid         DEFAULT NULL,
    CONSTRAINT roles_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT roles_name_unique UNIQUE (tenant_id, name),
    CONSTRAINT roles_tenant_fk FOREIGN KEY (tenant_id)
        REFERENCES dsvault.tenants (id) ON DELETE CASCADE,
    CONSTRAINT roles_created_by_fk FOREIGN KEY (tenant_id, created_by)
        REFERENCES dsvault.users (tenant_id, id) ON DELETE SET NULL (created_by),
    -- Permissions are read element by element.
    CONSTRAINT roles_permissions_is_array CHECK (jsonb_typeof(permissions) = 'array'),
    -- A permission that nothing asks for would look like one that works.
    CONSTRAINT roles_permissions_known CHECK (permissions <@ dsvault.permission_catalogue())
);

CREATE INDEX IF NOT EXISTS idx_roles_system ON dsvault.roles (tenant_id, is_system_role);
CREATE INDEX IF NOT EXISTS idx_roles_custom ON dsvault.roles (tenant_id, name)
    WHERE NOT is_system_role;
CREATE INDEX IF NOT EXISTS idx_roles_permissions ON dsvault.roles USING gin (permissions);
CREATE INDEX IF NOT EXISTS idx_roles_created_by ON dsvault.roles (tenant_id, created_by)
    WHERE created_by IS NOT NULL;

COMMENT ON TABLE dsvault.roles IS 'Role definitions with JSONB-stored permissions';
COMMENT ON COLUMN dsvault.roles.id IS 'Identifies the role within the tenant.';
COMMENT ON COLUMN dsvault.roles.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes.';
COMMENT ON COLUMN dsvault.roles.name IS 'Name of the role, unique within the tenant.';
COMMENT ON COLUMN dsvault.roles.description IS 'What the role is for; NULL if nobody said.';
-- The design's example names dataset:write, which no role ever had; dataset:update is meant.
COMMENT ON COLUMN dsvault.roles.permissions IS
    'Array of permission strings, e.g., ["dataset:read", "dataset:update"]';
COMMENT ON COLUMN dsvault.roles.is_system_role IS
    'System roles (admin, viewer) cannot be deleted';
COMMENT ON COLUMN dsvault.roles.created_at IS 'When the row was made.';
COMMENT ON COLUMN dsvault.roles.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN dsvault.roles.created_by IS
    'User who made the role; NULL for system roles and where the user is gone.';
COMMENT ON INDEX dsvault.idx_roles_permissions IS
    'Serves searches for a permission across roles by functions that add the tenant themselves.';

COMMIT;
