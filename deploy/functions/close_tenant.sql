-- Deploy dsvault:functions/close_tenant to pg
-- requires: policies/tenants
-- requires: policies/tenant_erasures
-- requires: triggers/soft_delete
--
-- Why:    a tenant is closed before it is erased, and comes back until then.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: nobody is granted to change a tenant's row. It works in the tenant that is
-- named, hence the setting, which is put back at the end.
CREATE OR REPLACE FUNCTION dsvault.close_tenant(tenant_id uuid)
    RETURNS boolean
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before  text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_deleted boolean;
BEGIN
    PERFORM set_config('app.current_tenant_id', coalesce(close_tenant.tenant_id::text, ''), true);
    SELECT t.is_deleted INTO v_deleted FROM dsvault.tenants AS t
    WHERE t.id = close_tenant.tenant_id AND t.id <> '00000000-0000-0000-0000-000000000000';
    IF v_deleted IS NULL THEN
        RAISE EXCEPTION 'there is no tenant % to close', coalesce(close_tenant.tenant_id::text,
            'NULL')
            USING ERRCODE = 'DV741',
                HINT = 'The system tenant is never closed. dsvault tenant list shows the others.';
    END IF;
    UPDATE dsvault.tenants AS t SET is_deleted = true
    WHERE t.id = close_tenant.tenant_id AND NOT t.is_deleted;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    RETURN NOT v_deleted;
END;
$$;

-- SECURITY DEFINER: for the same reason.
CREATE OR REPLACE FUNCTION dsvault.restore_tenant(tenant_id uuid)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
BEGIN
    PERFORM set_config('app.current_tenant_id', coalesce(restore_tenant.tenant_id::text, ''),
        true);
    IF EXISTS (SELECT FROM dsvault.tenant_erasures AS e
        WHERE e.tenant_id = restore_tenant.tenant_id)
    THEN
        RAISE EXCEPTION 'tenant % is being erased, or was', restore_tenant.tenant_id
            USING ERRCODE = 'DV724', HINT = 'What is erased does not come back.';
    END IF;
    UPDATE dsvault.tenants AS t SET is_deleted = false
    WHERE t.id = restore_tenant.tenant_id AND t.is_deleted;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no closed tenant %', coalesce(restore_tenant.tenant_id::text,
            'NULL')
            USING ERRCODE = 'DV722', HINT = 'dsvault tenant list shows which tenants are closed.';
    END IF;
    PERFORM set_config('app.current_tenant_id', v_before, true);
END;
$$;

COMMENT ON FUNCTION dsvault.close_tenant(uuid) IS
    'Marks a tenant deleted: its users can do nothing. False if it was closed already; DV741 if '
    'there is none, or it is the system tenant.';
COMMENT ON FUNCTION dsvault.restore_tenant(uuid) IS
    'Brings a closed tenant back, unless its erasure has begun (DV722, DV724).';

REVOKE ALL ON FUNCTION dsvault.close_tenant(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault.restore_tenant(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.close_tenant(uuid) TO dsvault_operator;
GRANT EXECUTE ON FUNCTION dsvault.restore_tenant(uuid) TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
