-- Deploy dsvault:functions/recount_usage to pg
-- requires: policies/tenant_usage
-- requires: policies/tenants
-- requires: policies/dataset_versions
--
-- Why:    a sum that triggers keep can be proved by counting, and mended after they were off.
-- Locks:  none. When called: the tenant's rows of dsvault.tenant_usage, until the transaction ends.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: operators see nothing inside of a tenant. The sums are locked first, so that
-- what is published meanwhile is either counted or added afterwards.
CREATE OR REPLACE FUNCTION dsvault.recount_usage(tenant_id uuid)
    RETURNS bigint
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_wrong  bigint;
BEGIN
    PERFORM set_config('app.current_tenant_id', coalesce(recount_usage.tenant_id::text, ''), true);
    INSERT INTO dsvault.tenant_usage (tenant_id, measure)
    SELECT t.id, m.measure
    FROM dsvault.tenants AS t,
        unnest(ARRAY['published_bytes', 'published_versions']) AS m (measure)
    WHERE t.id = recount_usage.tenant_id
    ON CONFLICT DO NOTHING;
    PERFORM FROM dsvault.tenant_usage AS u
    WHERE u.tenant_id = recount_usage.tenant_id ORDER BY u.measure FOR UPDATE;
    WITH counted AS (
        SELECT 'published_bytes' AS measure, coalesce(sum(v.size_bytes), 0) AS amount
        FROM dsvault.dataset_versions AS v
        WHERE v.tenant_id = recount_usage.tenant_id AND v.status <> 'draft'
        UNION ALL
        SELECT 'published_versions', count(*)
        FROM dsvault.dataset_versions AS v
        WHERE v.tenant_id = recount_usage.tenant_id AND v.status <> 'draft'
    ), corrected AS (
        UPDATE dsvault.tenant_usage AS u SET amount = c.amount
        FROM counted AS c
        WHERE u.tenant_id = recount_usage.tenant_id AND u.measure = c.measure
            AND u.amount <> c.amount
        RETURNING 1
    )
    SELECT count(*) INTO v_wrong FROM corrected;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    RETURN v_wrong;
END;
$$;

COMMENT ON FUNCTION dsvault.recount_usage(uuid) IS
    'Counts what a tenant uses anew; returns how many sums were wrong and are corrected now: 0 if '
    'all is well.';

REVOKE ALL ON FUNCTION dsvault.recount_usage(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.recount_usage(uuid) TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
