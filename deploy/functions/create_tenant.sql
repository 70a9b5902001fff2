-- Deploy dsvault:functions/create_tenant to pg
-- requires: seed/role_templates
-- requires: policies/tenants
-- requires: policies/users
-- requires: policies/roles
-- requires: policies/user_roles
-- requires: triggers/guard_roles
--
-- Why:    a tenant is born whole: with its roles and its first administrator, or not at all.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault, dsvault_private TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: operators hold no right to any tenant's rows. The definer sees one tenant at a
-- time, the one that the setting names; the caller's setting is put back at the end.
CREATE OR REPLACE FUNCTION dsvault_private.copy_role_templates(tenant_id uuid)
    RETURNS integer
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before    text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_templates jsonb;
    v_changed   integer;
BEGIN
    PERFORM set_config('app.current_tenant_id', '00000000-0000-0000-0000-000000000000', true);
    SELECT jsonb_agg(to_jsonb(r)) INTO v_templates
    FROM dsvault.roles AS r
    WHERE r.tenant_id = '00000000-0000-0000-0000-000000000000';

    PERFORM set_config('app.current_tenant_id', copy_role_templates.tenant_id::text, true);
    INSERT INTO dsvault.roles AS r (tenant_id, name, description, permissions, is_system_role)
    SELECT copy_role_templates.tenant_id, t.name, t.description, t.permissions, true
    FROM jsonb_to_recordset(v_templates) AS t (name text, description text, permissions jsonb)
    ON CONFLICT ON CONSTRAINT roles_name_unique DO UPDATE
        SET description = EXCLUDED.description, permissions = EXCLUDED.permissions
        WHERE r.is_system_role
            AND (r.description, r.permissions)
                IS DISTINCT FROM (EXCLUDED.description, EXCLUDED.permissions);
    GET DIAGNOSTICS v_changed = ROW_COUNT;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    RETURN v_changed;
END;
$$;

-- SECURITY DEFINER: for the same reason.
CREATE OR REPLACE FUNCTION dsvault.create_tenant(
    slug                text,
    name                text,
    admin_email         text,
    admin_name          text,
    storage_quota_bytes bigint DEFAULT NULL,
    INOUT tenant_id     uuid   DEFAULT gen_random_uuid(),
    INOUT admin_id      uuid   DEFAULT gen_random_uuid()
)
    RETURNS record
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_tenant text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_user   text := coalesce(current_setting('app.current_user_id', true), '');
BEGIN
    tenant_id := coalesce(tenant_id, gen_random_uuid());
    admin_id := coalesce(admin_id, gen_random_uuid());
    -- Provisioning is done by nobody in particular: the caller's user has no say in another tenant.
    PERFORM set_config('app.current_user_id', '', true);
    PERFORM set_config('app.current_tenant_id', tenant_id::text, true);
    INSERT INTO dsvault.tenants (id, slug, name, storage_quota_bytes)
    VALUES (create_tenant.tenant_id, create_tenant.slug, create_tenant.name,
        create_tenant.storage_quota_bytes);
    PERFORM dsvault_private.copy_role_templates(tenant_id);
    INSERT INTO dsvault.users (id, tenant_id, email, name)
    VALUES (create_tenant.admin_id, create_tenant.tenant_id, create_tenant.admin_email,
        create_tenant.admin_name);
    INSERT INTO dsvault.user_roles (tenant_id, user_id, role_id)
    SELECT r.tenant_id, create_tenant.admin_id, r.id
    FROM dsvault.roles AS r
    WHERE r.tenant_id = create_tenant.tenant_id AND r.name = 'admin';
    PERFORM set_config('app.current_tenant_id', v_tenant, true);
    PERFORM set_config('app.current_user_id', v_user, true);
END;
$$;

COMMENT ON FUNCTION dsvault_private.copy_role_templates(uuid) IS
    'Gives a tenant every system role as its template is now; returns how many rows that '
    'changed.';
COMMENT ON FUNCTION dsvault.create_tenant(text, text, text, text, bigint, uuid, uuid) IS
    'Creates a tenant with the system roles and a first administrator; makes up ids that are '
    'not given, or NULL.';

REVOKE ALL ON FUNCTION dsvault_private.copy_role_templates(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault.create_tenant(text, text, text, text, bigint, uuid, uuid)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.create_tenant(text, text, text, text, bigint, uuid, uuid)
    TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault, dsvault_private FROM dsvault_definer;

COMMIT;
