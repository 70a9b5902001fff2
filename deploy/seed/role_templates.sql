-- Deploy dsvault:seed/role_templates to pg
-- requires: seed/system_tenant
-- requires: policies/roles
--
-- Why:    every tenant starts with copies of the same four roles; here are the originals.
-- Locks:  ROW EXCLUSIVE on dsvault.roles.
-- Data:   four rows of dsvault.roles, in the system tenant.
-- Revert: lossless; the copies in tenants stay.

BEGIN;

SET LOCAL ROLE dsvault_owner;
-- The owner writes below its own policy here, which opens the system tenant and nothing else.
SET LOCAL row_security = on;

INSERT INTO dsvault.roles (tenant_id, name, description, permissions, is_system_role)
VALUES
    ('00000000-0000-0000-0000-000000000000', 'admin',
        'Full system administrator with all permissions',
        dsvault.permission_catalogue(), true),
    ('00000000-0000-0000-0000-000000000000', 'data_scientist',
        'Data scientist with dataset and schema permissions',
        '["dataset:create", "dataset:read", "dataset:update",
          "version:create", "version:read",
          "schema:read"]', true),
    ('00000000-0000-0000-0000-000000000000', 'viewer',
        'Read-only access to datasets and versions',
        '["dataset:read", "version:read", "schema:read"]', true),
    ('00000000-0000-0000-0000-000000000000', 'auditor',
        'Compliance auditor with audit log access',
        '["dataset:read", "version:read", "audit:read", "user:read"]', true)
ON CONFLICT (tenant_id, name) DO UPDATE
    SET description = EXCLUDED.description,
        permissions = EXCLUDED.permissions,
        is_system_role = EXCLUDED.is_system_role;

COMMIT;
