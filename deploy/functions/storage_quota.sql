-- Deploy dsvault:functions/storage_quota to pg
-- requires: policies/tenant_usage
-- requires: policies/tenants
--
-- Why:    operators set quotas, and see who is about to reach one.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: nobody is granted to change a tenant's row. Lowering a quota below the use
-- takes nothing away; it stops what would be added.
CREATE OR REPLACE FUNCTION dsvault.set_storage_quota(tenant_id uuid, storage_quota_bytes bigint)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_used   bigint;
BEGIN
    PERFORM set_config('app.current_tenant_id',
        coalesce(set_storage_quota.tenant_id::text, ''), true);
    UPDATE dsvault.tenants AS t
    SET storage_quota_bytes = set_storage_quota.storage_quota_bytes
    WHERE t.id = set_storage_quota.tenant_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no tenant %', coalesce(set_storage_quota.tenant_id::text, 'NULL')
            USING ERRCODE = 'DV712', HINT = 'SELECT id, slug FROM dsvault.tenants lists them.';
    END IF;
    SELECT u.amount INTO v_used FROM dsvault.tenant_usage AS u
    WHERE u.tenant_id = set_storage_quota.tenant_id AND u.measure = 'published_bytes';
    IF v_used > set_storage_quota.storage_quota_bytes THEN
        RAISE WARNING 'the tenant uses % bytes, more than its quota of %',
            v_used, set_storage_quota.storage_quota_bytes
            USING HINT = 'It keeps what it has, and can publish nothing until it uses less.';
    END IF;
    PERFORM set_config('app.current_tenant_id', v_before, true);
END;
$$;

COMMENT ON FUNCTION dsvault.set_storage_quota(uuid, bigint) IS
    'Sets how many bytes a tenant''s published versions may hold; NULL is unlimited. Below the '
    'present use it warns, and blocks growth only. DV712 if there is no such tenant.';

REVOKE ALL ON FUNCTION dsvault.set_storage_quota(uuid, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.set_storage_quota(uuid, bigint) TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

-- Row security tells whose: applications ask about their own tenant, operators about all.
CREATE OR REPLACE FUNCTION dsvault.storage_usage()
    RETURNS TABLE (
        tenant_id           uuid,
        slug                text,
        used_bytes          bigint,
        storage_quota_bytes bigint,
        used_percent        numeric,
        state               text
    )
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT s.id, s.slug, s.used, s.quota, s.percent,
        CASE
            WHEN s.quota IS NULL THEN 'unlimited'
            WHEN s.used > s.quota THEN 'exceeded'
            WHEN s.used * 100 >= s.quota::numeric * 80 THEN 'warning'
            ELSE 'ok'
        END
    FROM (
        SELECT t.id, t.slug::text AS slug, coalesce(u.amount, 0) AS used,
            t.storage_quota_bytes AS quota,
            round(coalesce(u.amount, 0) * 100.0 / nullif(t.storage_quota_bytes, 0), 1) AS percent
        FROM dsvault.tenants AS t
            LEFT JOIN dsvault.tenant_usage AS u
                ON u.tenant_id = t.id AND u.measure = 'published_bytes'
    ) AS s;
END;
$$;

COMMENT ON FUNCTION dsvault.storage_usage() IS
    'Use and quota of every tenant that the session may see; state is unlimited, ok, warning '
    '(from 80 %) or exceeded. used_percent is NULL without a quota, or with one of 0.';

REVOKE ALL ON FUNCTION dsvault.storage_usage() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.storage_usage()
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator;

COMMIT;
