-- Deploy dsvault:functions/held_tenants to pg
-- requires: policies/tenants
-- requires: policies/datasets
-- requires: schemas/dsvault_private
--
-- Why:    what is under legal hold does not leave the audit trail either.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- The one place that tells what a hold keeps. Without rights of their own: the definer's functions
-- call these two, in the tenant that they ask about.
CREATE OR REPLACE FUNCTION dsvault_private.is_tenant_held(tenant_id uuid)
    RETURNS boolean
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN EXISTS (SELECT FROM dsvault.tenants AS t
        WHERE t.id = is_tenant_held.tenant_id AND t.settings ->> 'legal_hold' = 'true');
END;
$$;

CREATE OR REPLACE FUNCTION dsvault_private.legal_holds(tenant_id uuid)
    RETURNS text[]
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN ARRAY(
        SELECT 'the tenant' WHERE dsvault_private.is_tenant_held(legal_holds.tenant_id)
    ) || ARRAY(
        SELECT d.name::text FROM dsvault.datasets AS d
        WHERE d.tenant_id = legal_holds.tenant_id AND d.retention_policy ->> 'legal_hold' = 'true'
        ORDER BY d.name
    );
END;
$$;

-- SECURITY DEFINER: the owner sees no tenant. It works in one tenant after the other, hence the
-- setting, which is put back at the end. A hold of one dataset holds the trail of its tenant.
CREATE OR REPLACE FUNCTION dsvault_private.held_tenants(tenant_ids uuid[])
    RETURNS uuid[]
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_id     uuid;
    v_held   uuid[] := '{}'::uuid[];
BEGIN
    FOREACH v_id IN ARRAY coalesce(tenant_ids, '{}'::uuid[]) LOOP
        PERFORM set_config('app.current_tenant_id', v_id::text, true);
        IF dsvault_private.legal_holds(v_id) <> '{}' THEN
            v_held := v_held || v_id;
        END IF;
    END LOOP;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    RETURN v_held;
END;
$$;

COMMENT ON FUNCTION dsvault_private.is_tenant_held(uuid) IS
    'Whether a tenant is under legal hold as a whole: legal_hold is true in its settings.';
COMMENT ON FUNCTION dsvault_private.legal_holds(uuid) IS
    'What of a tenant is under legal hold: the tenant, and datasets by name; empty if nothing is.';
COMMENT ON FUNCTION dsvault_private.held_tenants(uuid[]) IS
    'Those of the tenants that are under legal hold, or have a dataset that is.';

REVOKE ALL ON FUNCTION dsvault_private.is_tenant_held(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.legal_holds(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.held_tenants(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault_private.held_tenants(uuid[]) TO dsvault_owner;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_definer;

COMMIT;
