-- Deploy dsvault:functions/retention to pg
-- requires: policies/datasets
-- requires: policies/dataset_versions
-- requires: policies/records
-- requires: functions/retention_notes
-- requires: functions/anonymize_version
--
-- Why:    a retention policy that nothing reads keeps for ever what should be gone.
-- Locks:  none. When called: ROW EXCLUSIVE on versions and records of the tenant.
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
BEGIN
    PERFORM set_config('app.current_tenant_id', coalesce(retention_due.tenant_id::text, ''), true);
    RETURN QUERY
    SELECT d.id, d.name::text, v.id, v.version_number, p.action,
        v.created_at + make_interval(days => p.duration_days),
        CASE
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

-- SECURITY DEFINER: for the same reason. One call is one step; the caller commits and calls again
-- until it returns 0. Records go before their version, so that no step is long.
CREATE OR REPLACE FUNCTION dsvault.apply_retention(
    tenant_id  uuid,
    batch_rows integer DEFAULT 10000
)
    RETURNS bigint
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_due    record;
    v_going  uuid[];
    v_count  bigint;
    v_done   bigint := 0;
BEGIN
    SELECT array_agg(g.version_id) INTO v_going
    FROM (
        SELECT r.version_id FROM dsvault.retention_due(apply_retention.tenant_id) AS r
        WHERE r.action = 'anonymize' AND r.blocked_by IS NULL
        UNION ALL
        SELECT n.version_id FROM dsvault_private.retention_notes(apply_retention.tenant_id) AS n
        WHERE n.action = 'version.anonymize') AS g;
    FOR v_due IN
        SELECT r.* FROM dsvault.retention_due(apply_retention.tenant_id) AS r
        WHERE r.blocked_by IS NULL
    LOOP
        PERFORM set_config('app.current_tenant_id', apply_retention.tenant_id::text, true);
        IF v_due.action = 'archive' THEN
            UPDATE dsvault.dataset_versions AS v SET status = 'archived'
            WHERE v.tenant_id = apply_retention.tenant_id AND v.id = v_due.version_id
                AND v.status = 'published';
        ELSIF v_due.action = 'anonymize' THEN
            -- Whole, and counted as one more than its tokens: that it was done is noted.
            v_done := v_done + 1 + dsvault_private.anonymize_version(apply_retention.tenant_id,
                v_due.dataset_id, v_due.version_id, v_going);
            EXIT WHEN v_done >= batch_rows;
            CONTINUE;
        ELSE
            DELETE FROM dsvault.records AS r
            WHERE r.tenant_id = apply_retention.tenant_id AND (r.dataset_id, r.id) IN (
                SELECT o.dataset_id, o.id FROM dsvault.records AS o
                WHERE o.tenant_id = apply_retention.tenant_id
                    AND o.version_id = v_due.version_id AND o.dataset_id = v_due.dataset_id
                LIMIT greatest(batch_rows - v_done, 1));
            GET DIAGNOSTICS v_count = ROW_COUNT;
            v_done := v_done + v_count;
            EXIT WHEN v_done >= batch_rows;
            DELETE FROM dsvault.dataset_versions AS v
            WHERE v.tenant_id = apply_retention.tenant_id AND v.id = v_due.version_id;
        END IF;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        v_done := v_done + v_count;
        EXIT WHEN v_done >= batch_rows;
    END LOOP;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    RETURN v_done;
END;
$$;

COMMENT ON FUNCTION dsvault.retention_due(uuid) IS
    'Versions of a tenant that its retention policies are due for: what would be done, since when, '
    'and what keeps it from being done (NULL: nothing). Changes nothing.';
COMMENT ON FUNCTION dsvault.apply_retention(uuid, integer) IS
    'Archives, deletes and anonymizes what is due and not blocked, up to batch_rows rows, a version '
    'that is anonymized as a whole; returns how many that were. Call it until it returns 0.';

REVOKE ALL ON FUNCTION dsvault.retention_due(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault.apply_retention(uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.retention_due(uuid) TO dsvault_operator;
GRANT EXECUTE ON FUNCTION dsvault.apply_retention(uuid, integer) TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
