-- Deploy dsvault:functions/effective_permissions to pg
-- requires: tables/user_roles
-- requires: schemas/dsvault_private
--
-- Why:    one place computes what a user may do; every question about permissions ends here.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- SECURITY INVOKER: the definer's functions call it, and see through the definer's narrow policies.
-- tenant:member is what every live user of a live tenant holds; no role grants it.
-- statement_timestamp(), because now() stands still in a long transaction while grants expire.
CREATE OR REPLACE FUNCTION dsvault_private.effective_permissions(tenant_id uuid, user_id uuid)
    RETURNS text[]
    LANGUAGE plpgsql
    STABLE
    PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM dsvault.users AS u
            JOIN dsvault.tenants AS t ON t.id = u.tenant_id
        WHERE u.tenant_id = effective_permissions.tenant_id
            AND u.id = effective_permissions.user_id
            AND u.status = 'active'
            AND NOT u.is_deleted
            AND NOT t.is_deleted
            AND t.suspended_at IS NULL
    ) THEN
        RETURN '{}'::text[];
    END IF;
    RETURN ARRAY(
        SELECT 'tenant:member'
        UNION
        SELECT p.permission
        FROM dsvault.user_roles AS g
            JOIN dsvault.roles AS r ON r.tenant_id = g.tenant_id AND r.id = g.role_id
            CROSS JOIN jsonb_array_elements_text(r.permissions) AS p (permission)
        WHERE g.tenant_id = effective_permissions.tenant_id
            AND g.user_id = effective_permissions.user_id
            AND (g.expires_at IS NULL OR g.expires_at > statement_timestamp())
        ORDER BY 1);
END;
$$;

COMMENT ON FUNCTION dsvault_private.effective_permissions(uuid, uuid) IS
    'Permissions of a user, sorted, tenant:member among them; empty unless user and tenant '
    'are live.';

REVOKE ALL ON FUNCTION dsvault_private.effective_permissions(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault_private.effective_permissions(uuid, uuid) TO dsvault_definer;

COMMIT;
