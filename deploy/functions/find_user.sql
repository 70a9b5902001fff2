-- Deploy dsvault:functions/find_user to pg
-- requires: policies/users
-- requires: policies/roles
-- requires: policies/user_roles
--
-- Why:    an operator who works for a tenant does so in the name of one of its users, and knows
--         an address at most.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: operators hold no right to any tenant's users, and learn one id only. The
-- definer sees one tenant at a time, the one that the setting names; the caller's setting is put
-- back at the end.
CREATE OR REPLACE FUNCTION dsvault.find_user(tenant_id uuid, email text DEFAULT NULL)
    RETURNS uuid
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_found  uuid;
BEGIN
    PERFORM set_config('app.current_tenant_id', coalesce(find_user.tenant_id::text, ''), true);
    SELECT u.id INTO v_found
    FROM dsvault.users AS u
    WHERE u.tenant_id = find_user.tenant_id
        AND u.status = 'active' AND NOT u.is_deleted
        AND CASE WHEN find_user.email IS NOT NULL THEN lower(u.email) = lower(find_user.email)
            ELSE EXISTS (
                SELECT FROM dsvault.user_roles AS g
                    JOIN dsvault.roles AS r ON r.tenant_id = g.tenant_id AND r.id = g.role_id
                WHERE g.tenant_id = u.tenant_id AND g.user_id = u.id AND g.expires_at IS NULL
                    AND r.name = 'admin' AND r.is_system_role)
            END
    ORDER BY u.created_at, u.id
    LIMIT 1;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    RETURN v_found;
END;
$$;

COMMENT ON FUNCTION dsvault.find_user(uuid, text) IS
    'Id of the active user of a tenant who has this address, whatever its case; without one, of '
    'its longest-standing administrator. NULL if there is none.';

REVOKE ALL ON FUNCTION dsvault.find_user(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.find_user(uuid, text) TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
