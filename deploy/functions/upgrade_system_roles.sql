-- Deploy dsvault:functions/upgrade_system_roles to pg
-- requires: functions/create_tenant
--
-- Why:    a release that changes a role template reaches the tenants that were there before it.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: operators hold no right to any tenant's roles. The definer sees one tenant at a
-- time, the one that the setting names; the caller's setting is put back at the end.
CREATE OR REPLACE FUNCTION dsvault.upgrade_system_roles(tenant_id uuid)
    RETURNS integer
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
BEGIN
    PERFORM set_config('app.current_tenant_id', coalesce(tenant_id::text, ''), true);
    IF NOT EXISTS (SELECT FROM dsvault.tenants AS t WHERE t.id = upgrade_system_roles.tenant_id)
    THEN
        RAISE EXCEPTION 'there is no tenant %', coalesce(tenant_id::text, 'NULL')
            USING ERRCODE = 'DV503',
                HINT = 'SELECT id, slug FROM dsvault.tenants lists them.';
    END IF;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    RETURN dsvault_private.copy_role_templates(tenant_id);
END;
$$;

COMMENT ON FUNCTION dsvault.upgrade_system_roles(uuid) IS
    'Brings the system roles of one tenant up to their templates; returns how many rows changed. '
    'For all: SELECT dsvault.upgrade_system_roles(id) FROM dsvault.tenants.';

REVOKE ALL ON FUNCTION dsvault.upgrade_system_roles(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.upgrade_system_roles(uuid) TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
