-- Deploy dsvault:functions/explain_permission to pg
-- requires: functions/has_permission
-- requires: functions/permission_catalogue
--
-- Why:    who is refused, or let in, asks why: which role, grant or ownership decides.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER for the same reason as has_permission, whose first call settles who may ask.
CREATE OR REPLACE FUNCTION dsvault.explain_permission(
    p_user_id     uuid,
    p_permission  text,
    p_resource_id uuid DEFAULT NULL
)
    RETURNS TABLE (holds boolean, decided_by text, reason text)
    LANGUAGE plpgsql
    STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_tenant_id uuid := dsvault.current_tenant_id();
    v_holds     boolean := dsvault.has_permission(p_user_id, p_permission, p_resource_id);
    v_is_user   boolean := EXISTS (SELECT FROM dsvault.users AS u
        WHERE u.tenant_id = v_tenant_id AND u.id = p_user_id);
BEGIN
    -- Held: every role and ownership that gives it. Refused: everything that stands in the way, and
    -- what would give it otherwise. Of a tenant only its users are told.
    RETURN QUERY
    SELECT v_holds, 'tenant', format('tenant %s was deleted at %s', t.slug, t.deleted_at)
    FROM dsvault.tenants AS t
    WHERE t.id = v_tenant_id AND t.is_deleted AND v_is_user
    UNION ALL
    SELECT v_holds, 'tenant',
        format('tenant %s is suspended since %s: %s', t.slug, t.suspended_at, t.suspension_reason)
    FROM dsvault.tenants AS t
    WHERE t.id = v_tenant_id AND t.suspended_at IS NOT NULL AND v_is_user
    UNION ALL
    SELECT v_holds, 'user', concat('user ', u.email, CASE WHEN u.is_deleted
        THEN concat(' was deleted at ', u.deleted_at) ELSE concat(' is ', u.status) END)
    FROM dsvault.users AS u
    WHERE u.tenant_id = v_tenant_id AND u.id = p_user_id
        AND (u.is_deleted OR u.status <> 'active' OR v_holds AND p_permission = 'tenant:member')
    UNION ALL
    SELECT v_holds, 'role', concat('role ', r.name,
        CASE
            WHEN g.expires_at <= statement_timestamp() THEN ' held it until ' || g.expires_at
            WHEN NOT v_holds THEN ' would give it'
            WHEN g.expires_at IS NULL THEN ' holds it'
            ELSE ' holds it until ' || g.expires_at
        END)
    FROM dsvault.user_roles AS g
        JOIN dsvault.roles AS r ON r.tenant_id = g.tenant_id AND r.id = g.role_id
    WHERE g.tenant_id = v_tenant_id AND g.user_id = p_user_id AND r.permissions ? p_permission
        AND (NOT v_holds OR g.expires_at IS NULL OR g.expires_at > statement_timestamp())
    UNION ALL
    SELECT v_holds, 'ownership', concat('owner of dataset ', d.name,
        CASE WHEN NOT v_holds THEN ', which would give it' END)
    FROM dsvault.datasets AS d
    WHERE d.tenant_id = v_tenant_id AND d.id = p_resource_id AND d.owner_id = p_user_id
        AND p_permission IN ('dataset:read', 'dataset:update', 'dataset:delete', 'dataset:restore');
    IF FOUND THEN
        RETURN;
    END IF;

    RETURN QUERY SELECT v_holds, 'nothing', CASE
        WHEN v_tenant_id IS NULL THEN 'the transaction names no tenant'
        WHEN NOT v_is_user THEN 'no such user in the tenant'
        WHEN NOT coalesce(dsvault.permission_catalogue() ? p_permission, false)
            THEN 'no such permission'
        WHEN p_resource_id IS NOT NULL
            THEN 'no role of the user holds it, and no dataset of that id is his'
        ELSE 'no role of the user holds it'
    END;
END;
$$;

COMMENT ON FUNCTION dsvault.explain_permission(uuid, text, uuid) IS
    'One row for every role, ownership or obstacle that decides what has_permission answers; '
    'about another user only with role:read (DV102).';

REVOKE ALL ON FUNCTION dsvault.explain_permission(uuid, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.explain_permission(uuid, text, uuid)
    TO dsvault_app, dsvault_reader, dsvault_auditor;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
