-- Deploy dsvault:functions/retention_due to pg
-- requires: policies/datasets
-- requires: policies/dataset_versions
-- requires: functions/retention_notes
-- requires: functions/anonymize_version
-- requires: functions/held_tenants
--
-- Why:    what retention would do, and why not, can be read before anything is done.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: operators see nothing inside of a tenant. It works in the tenant that is named,
-- hence the setting, which is put back at the end. The age of a version counts, not the dataset's.
CREATE OR REPLACE FUNCTION dsvault.retention_due(tenant_id uuid)
    RETURNS TABLE (
        dataset_id     uuid,
        dataset_name   text,
        version_id     uuid,
        version_number bigint,
        action         text,
        due_at         timestamptz,
        blocked_by     text
    )
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_held   boolean;
BEGIN
    PERFORM set_config('app.current_tenant_id', coalesce(retention_due.tenant_id::text, ''), true);
    v_held := dsvault_private.is_tenant_held(retention_due.tenant_id);
    RETURN QUERY
    SELECT d.id, d.name::text, v.id, v.version_number, p.action,
        v.created_at + make_interval(days => p.duration_days),
        CASE
            WHEN v_held THEN 'legal hold of the tenant'
            WHEN p.legal_hold THEN 'legal hold'
            WHEN v.created_at + make_interval(days => p.min_days) > now()
                THEN format('min_days: kept until %s',
                    (v.created_at + make_interval(days => p.min_days))::date)
            WHEN p.action = 'review'
                AND n.noted_at + make_interval(days => p.duration_days) > now()
                THEN format('reviewed by %s on %s, due again on %s', n.noted_by, n.noted_at::date,
                    (n.noted_at + make_interval(days => p.duration_days))::date)
            WHEN p.action = 'review'
                THEN format('waits for a review by its owner %s, or who holds dataset:update',
                    d.owner_id)
            WHEN v.status = 'draft' AND p.action IN ('archive', 'anonymize')
                THEN 'nothing is done to a draft'
            WHEN p.action = 'anonymize' THEN dsvault_private.not_anonymizable(
                d.tenant_id, d.id, v.id)
        END
    FROM dsvault.datasets AS d
        CROSS JOIN LATERAL jsonb_to_record(d.retention_policy) AS r (duration_days integer,
            action text, min_days integer, legal_hold boolean)
        CROSS JOIN LATERAL (SELECT r.duration_days, coalesce(r.action, 'review') AS action,
            coalesce(r.min_days, 0) AS min_days, coalesce(r.legal_hold, false) AS legal_hold) AS p
        JOIN dsvault.dataset_versions AS v ON v.tenant_id = d.tenant_id AND v.dataset_id = d.id
        LEFT JOIN dsvault_private.retention_notes(retention_due.tenant_id) AS n
            ON n.version_id = v.id AND n.action = 'version.' || p.action
    WHERE d.tenant_id = retention_due.tenant_id
        AND v.created_at + make_interval(days => p.duration_days) <= now()
        AND NOT (p.action = 'archive' AND v.status IN ('archived', 'corrupted'))
        AND NOT (p.action = 'anonymize' AND n.version_id IS NOT NULL)
    ORDER BY 6, 3;
    PERFORM set_config('app.current_tenant_id', v_before, true);
END;
$$;

COMMENT ON FUNCTION dsvault.retention_due(uuid) IS
    'Versions of a tenant that its retention policies are due for: what would be done, since when, '
    'and what keeps it from being done (NULL: nothing). Changes nothing.';

REVOKE ALL ON FUNCTION dsvault.retention_due(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.retention_due(uuid) TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
