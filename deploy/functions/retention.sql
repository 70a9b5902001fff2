-- Deploy dsvault:functions/retention to pg
-- requires: functions/retention_due
-- requires: policies/dataset_versions
-- requires: policies/records
-- requires: functions/retention_notes
-- requires: functions/anonymize_version
--
-- Why:    a retention policy that nothing follows keeps for ever what should be gone.
-- Locks:  none. When called: ROW EXCLUSIVE on versions and records of the tenant.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: as functions/retention_due says. One call is one step; the caller commits and
-- calls again until it returns 0. Records go before their version, so that no step is long.
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

COMMENT ON FUNCTION dsvault.apply_retention(uuid, integer) IS
    'Archives, deletes and anonymizes what is due and not blocked, up to batch_rows rows, a '
    'version that is anonymized as a whole; returns how many that were. Call it until it returns '
    '0.';

REVOKE ALL ON FUNCTION dsvault.apply_retention(uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.apply_retention(uuid, integer) TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
