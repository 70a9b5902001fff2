-- Deploy dsvault:functions/guard_roles to pg
-- requires: policies/user_roles
-- requires: policies/roles
-- requires: policies/users
-- requires: policies/tenants
--
-- Why:    a grant may not exceed what the grantor holds, and a tenant keeps its last administrator:
--         both need a look at other rows, which a policy must not take.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: the grantor may hold role:update without role:read. It asks in the row's
-- tenant, hence the setting, which is put back at the end: an expression of the caller's statement
-- may have emptied it since the policies were asked. Nobody holds nothing, so emptying the user is
-- no way out. It is asked before the policies are: who may grant nothing is told what they would
-- tell him, and of no role whether there is one of that id. A change script grants in nobody's
-- name; nobody grants only what allows nothing.
CREATE OR REPLACE FUNCTION dsvault_private.tg_user_roles__bound()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_row    dsvault.user_roles := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_user   uuid := dsvault.current_user_id();
    v_held   jsonb;
    v_name   text;
    v_within boolean;
BEGIN
    PERFORM set_config('app.current_tenant_id', v_row.tenant_id::text, true);
    v_held := dsvault.my_permissions();
    SELECT r.name, r.permissions <@ v_held INTO v_name, v_within
    FROM dsvault.roles AS r
    WHERE r.tenant_id = v_row.tenant_id AND r.id = v_row.role_id;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    IF TG_OP = 'INSERT' THEN
        -- NULL is what many programs say for what they leave out.
        v_row.granted_by := coalesce(v_row.granted_by, v_user);
        IF NOT v_held ? 'role:update' AND (v_user IS NOT NULL OR v_within IS NOT TRUE) THEN
            RAISE EXCEPTION 'granting a role takes the permission role:update'
                USING ERRCODE = 'insufficient_privilege', HINT = 'Ask somebody who holds it.';
        ELSIF v_row.granted_by <> v_user THEN
            RAISE EXCEPTION 'a role is granted in one''s own name, not in that of user %',
                v_row.granted_by
                USING ERRCODE = 'insufficient_privilege',
                    HINT = 'Leave granted_by out; it names the current user then.';
        END IF;
    END IF;
    IF NOT v_within AND TG_OP = 'DELETE' AND v_row.user_id = v_user THEN
        -- He is gone by now, and his grants go with him: he holds nothing any more.
        RAISE EXCEPTION 'user % cannot remove himself, who holds the role %', v_user, v_name
            USING ERRCODE = 'DV201',
                HINT = 'Ask somebody else who holds every permission of the role.';
    ELSIF NOT v_within THEN
        RAISE EXCEPTION 'role % exceeds the permissions of the current user', v_name
            USING ERRCODE = 'DV201',
                HINT = 'Ask somebody who holds every permission of the role.';
    END IF;
    RETURN v_row;
END;
$$;

-- SECURITY DEFINER: the question is about the whole tenant, whoever's change asks it. It is asked
-- for the row's tenant, hence the setting, which is put back at the end.
-- The lock makes two administrators who remove each other wait for one another.
-- A grant that will expire is not counted: the tenant would lose its administrator unnoticed.
CREATE OR REPLACE FUNCTION dsvault_private.tg__keep_admin()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before  text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_user_id uuid := (to_jsonb(OLD) ->> TG_ARGV[0])::uuid;
BEGIN
    PERFORM set_config('app.current_tenant_id', OLD.tenant_id::text, true);
    PERFORM pg_advisory_xact_lock(hashtextextended('dsvault.keep_admin ' || OLD.tenant_id, 0));
    -- A change to somebody who was no administrator takes none away.
    IF NOT EXISTS (
        SELECT FROM dsvault.roles AS r
        WHERE r.tenant_id = OLD.tenant_id AND r.name = 'admin' AND r.is_system_role
            AND (r.id = (to_jsonb(OLD) ->> 'role_id')::uuid OR EXISTS (
                SELECT FROM dsvault.user_roles AS g
                WHERE g.tenant_id = r.tenant_id AND g.role_id = r.id AND g.user_id = v_user_id)))
    THEN
        PERFORM set_config('app.current_tenant_id', v_before, true);
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT FROM dsvault.tenants AS t WHERE t.id = OLD.tenant_id AND NOT t.is_deleted)
        AND NOT EXISTS (
            SELECT FROM dsvault.user_roles AS g
                JOIN dsvault.roles AS r ON r.tenant_id = g.tenant_id AND r.id = g.role_id
                JOIN dsvault.users AS u ON u.tenant_id = g.tenant_id AND u.id = g.user_id
            WHERE g.tenant_id = OLD.tenant_id AND g.expires_at IS NULL
                AND r.name = 'admin' AND r.is_system_role
                AND u.status = 'active' AND NOT u.is_deleted)
    THEN
        RAISE EXCEPTION 'user % is the last administrator of the tenant', v_user_id
            USING ERRCODE = 'DV203',
                HINT = 'Grant the role admin to another active user first, without an expiry.';
    END IF;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION dsvault_private.tg_user_roles__bound() IS
    'Row trigger: refuses to grant, change or take a role beyond the current user''s '
    'permissions (DV201), or to grant without role:update or in another''s name (42501).';
COMMENT ON FUNCTION dsvault_private.tg__keep_admin() IS
    'Row trigger after a change: refuses to leave a live tenant without a lasting '
    'administrator (DV203).';

REVOKE ALL ON FUNCTION dsvault_private.tg_user_roles__bound() FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.tg__keep_admin() FROM PUBLIC;
-- Making a trigger takes the right to execute its function; the owner makes them.
GRANT EXECUTE ON FUNCTION dsvault_private.tg_user_roles__bound() TO dsvault_owner;
GRANT EXECUTE ON FUNCTION dsvault_private.tg__keep_admin() TO dsvault_owner;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_definer;

COMMIT;
