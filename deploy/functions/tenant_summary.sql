-- Deploy dsvault:functions/tenant_summary to pg
-- requires: policies/users
-- requires: policies/encryption_keys
-- requires: policies/datasets
-- requires: policies/dataset_versions
--
-- Why:    an operator sees how large a tenant is without seeing anything in it.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: operators hold no right to any tenant's rows, and learn counts only. The
-- definer sees one tenant at a time, the one that the setting names; the caller's setting is put
-- back at the end.
CREATE OR REPLACE FUNCTION dsvault.tenant_summary(tenant_id uuid)
    RETURNS TABLE (
        users              bigint,
        active_users       bigint,
        datasets           bigint,
        versions           bigint,
        published_versions bigint,
        active_keys        bigint,
        last_version_at    timestamptz
    )
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
BEGIN
    PERFORM set_config('app.current_tenant_id', coalesce(tenant_summary.tenant_id::text, ''), true);
    SELECT count(*), count(*) FILTER (WHERE u.status = 'active')
    INTO users, active_users
    FROM dsvault.users AS u
    WHERE u.tenant_id = tenant_summary.tenant_id AND NOT u.is_deleted;
    SELECT count(*) INTO datasets
    FROM dsvault.datasets AS d
    WHERE d.tenant_id = tenant_summary.tenant_id AND d.deleted_at IS NULL;
    SELECT count(*), count(*) FILTER (WHERE v.status = 'published'), max(v.created_at)
    INTO versions, published_versions, last_version_at
    FROM dsvault.dataset_versions AS v
    WHERE v.tenant_id = tenant_summary.tenant_id;
    SELECT count(*) INTO active_keys
    FROM dsvault.encryption_keys AS k
    WHERE k.tenant_id = tenant_summary.tenant_id AND k.status = 'active';
    PERFORM set_config('app.current_tenant_id', v_before, true);
    RETURN NEXT;
END;
$$;

COMMENT ON FUNCTION dsvault.tenant_summary(uuid) IS
    'How many users, datasets, versions and active keys a tenant has, and when its newest version '
    'was made; the deleted are not counted.';

REVOKE ALL ON FUNCTION dsvault.tenant_summary(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.tenant_summary(uuid) TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
