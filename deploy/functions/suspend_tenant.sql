-- Deploy dsvault:functions/suspend_tenant to pg
-- requires: policies/tenants
--
-- Why:    an operator stops a tenant for a while, in one statement, and lets it go on unchanged.
-- Locks:  none. When called: ROW EXCLUSIVE on dsvault.tenants, and the tenant's row.
-- Data:   none.
-- Revert: lossless; a tenant that is suspended stays so.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault, dsvault_private TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: operators hold no right to change any tenant's row. The definer sees one tenant
-- at a time, the one that the setting names; the caller's setting is put back at the end.
CREATE OR REPLACE FUNCTION dsvault_private.set_suspension(tenant_id uuid, reason text)
    RETURNS boolean
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before  text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_tenant  dsvault.tenants;
    v_changes boolean;
BEGIN
    PERFORM set_config('app.current_tenant_id',
        coalesce(set_suspension.tenant_id::text, ''), true);
    SELECT * INTO v_tenant
    FROM dsvault.tenants AS t
    WHERE t.id = set_suspension.tenant_id AND NOT t.is_deleted
    FOR UPDATE;
    IF v_tenant.id IS NULL OR v_tenant.id = '00000000-0000-0000-0000-000000000000' THEN
        RAISE EXCEPTION 'there is no live tenant %',
            coalesce(set_suspension.tenant_id::text, 'NULL')
            USING ERRCODE = 'DV501',
                DETAIL = 'A deleted tenant is stopped already, and the system tenant never is.',
                HINT = 'SELECT id, slug FROM dsvault.tenants WHERE NOT is_deleted tells them.';
    END IF;
    v_changes := v_tenant.suspension_reason IS DISTINCT FROM set_suspension.reason;
    IF v_changes THEN
        UPDATE dsvault.tenants AS t
        SET suspension_reason = set_suspension.reason,
            suspended_at = CASE WHEN set_suspension.reason IS NOT NULL
                THEN coalesce(t.suspended_at, now()) END
        WHERE t.id = set_suspension.tenant_id;
    END IF;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    RETURN v_changes;
END;
$$;

-- SECURITY DEFINER: for the same reason.
CREATE OR REPLACE FUNCTION dsvault.suspend_tenant(tenant_id uuid, reason text)
    RETURNS boolean
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF coalesce(trim(reason), '') = '' THEN
        RAISE EXCEPTION 'a tenant is suspended for a reason, and none was given'
            USING ERRCODE = 'DV502', HINT = 'Say in a few words why; its users will ask.';
    END IF;
    RETURN dsvault_private.set_suspension(tenant_id, trim(reason));
END;
$$;

-- SECURITY DEFINER: for the same reason.
CREATE OR REPLACE FUNCTION dsvault.resume_tenant(tenant_id uuid)
    RETURNS boolean
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN dsvault_private.set_suspension(tenant_id, NULL);
END;
$$;

COMMENT ON FUNCTION dsvault_private.set_suspension(uuid, text) IS
    'Suspends a tenant for a reason, or resumes it if that is NULL; true if anything changed.';
COMMENT ON FUNCTION dsvault.suspend_tenant(uuid, text) IS
    'Stops a tenant: from the next statement on its users can do nothing; true if anything '
    'changed. DV501 for a tenant that is not live, DV502 without a reason.';
COMMENT ON FUNCTION dsvault.resume_tenant(uuid) IS
    'Ends the suspension of a tenant; true if it was suspended. DV501 for a tenant that is not '
    'live.';

REVOKE ALL ON FUNCTION dsvault_private.set_suspension(uuid, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault.suspend_tenant(uuid, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault.resume_tenant(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.suspend_tenant(uuid, text) TO dsvault_operator;
GRANT EXECUTE ON FUNCTION dsvault.resume_tenant(uuid) TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault, dsvault_private FROM dsvault_definer;

COMMIT;
