-- Verify dsvault:seed/role_templates on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL row_security = on;

-- CALL takes no subquery, hence the variable.
DO $$
DECLARE
    v_actual text[] := ARRAY(
        SELECT pg_catalog.format('%s %s: %s (%s)',
            CASE WHEN r.is_system_role THEN 'system' ELSE 'custom' END, r.name, r.description,
            CASE WHEN r.permissions = dsvault.permission_catalogue() THEN 'everything'
                ELSE r.permissions::text END)
        FROM dsvault.roles AS r
        WHERE r.tenant_id = '00000000-0000-0000-0000-000000000000');
BEGIN
    CALL dsvault_facts.must_equal('role templates', v_actual, ARRAY[
    'system admin: Full system administrator with all permissions (everything)',
    'system data_scientist: Data scientist with dataset and schema permissions '
    '(["dataset:create", "dataset:read", "dataset:update", "version:create", "version:read", '
    '"schema:read"])',
    'system viewer: Read-only access to datasets and versions '
    '(["dataset:read", "version:read", "schema:read"])',
    'system auditor: Compliance auditor with audit log access '
    '(["dataset:read", "version:read", "audit:read", "user:read"])']);
END;
$$;

ROLLBACK;
