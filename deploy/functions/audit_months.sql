-- Deploy dsvault:functions/audit_months to pg
-- requires: functions/anchor_audit
-- requires: policies/audit_archives
-- requires: policies/audit_seals
-- requires: functions/held_tenants
--
-- Why:    before a month leaves the trail somebody sees what would go, and what keeps it.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_recorder;
SET LOCAL ROLE dsvault_recorder;

-- SECURITY DEFINER: the owner sees no entries.
CREATE OR REPLACE FUNCTION dsvault_private.audit_month_content(
    from_time       timestamptz,
    to_time         timestamptz,
    OUT tenant_ids  uuid[],
    OUT entry_count bigint,
    OUT unsealed    bigint
)
    RETURNS record
    LANGUAGE plpgsql
    STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_sealed xid8 := coalesce((SELECT s.to_transaction FROM dsvault.audit_seals AS s
        WHERE s.tenant_id = '00000000-0000-0000-0000-000000000000'
        ORDER BY s.seal_number DESC LIMIT 1), '0');
BEGIN
    SELECT coalesce(array_agg(t.tenant_id), '{}'), coalesce(sum(t.entries), 0),
        coalesce(sum(t.unsealed), 0)
    INTO tenant_ids, entry_count, unsealed
    FROM (
        SELECT a.tenant_id, count(*), count(*) FILTER (WHERE a.transaction_id >= v_sealed)
        FROM dsvault.audit_logs AS a
        WHERE a.created_at >= audit_month_content.from_time
            AND a.created_at < audit_month_content.to_time
        GROUP BY a.tenant_id
    ) AS t (tenant_id, entries, unsealed);
END;
$$;

COMMENT ON FUNCTION dsvault_private.audit_month_content(timestamptz, timestamptz) IS
    'Tenants and number of the entries of a month, and how many of them no seal covers yet.';

REVOKE ALL ON FUNCTION dsvault_private.audit_month_content(timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault_private.audit_month_content(timestamptz, timestamptz)
    TO dsvault_owner;

SET LOCAL ROLE dsvault_owner;

-- SECURITY DEFINER: operators see nothing of the trail, and learn here how much there is of it.
CREATE OR REPLACE FUNCTION dsvault.audit_months(older_than integer)
    RETURNS TABLE (
        partition_name text,
        from_time      timestamptz,
        to_time        timestamptz,
        entry_count    bigint,
        bytes          bigint,
        blocked_by     text
    )
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    v_month record;
    v_there record;
    v_held  uuid[];
BEGIN
    IF older_than IS NULL OR older_than NOT BETWEEN 1 AND 1200 THEN
        RAISE EXCEPTION 'older_than is %, expected 1 to 1200', older_than
            USING ERRCODE = 'DV821', HINT = 'Name how many months stay in the trail.';
    END IF;
    FOR v_month IN
        SELECT r.name, r.from_time, r.to_time FROM dsvault_private.audit_ranges() AS r
        WHERE r.name IS NOT NULL AND r.to_time <= date_trunc('month', now())
        ORDER BY r.from_time
    LOOP
        v_there := dsvault_private.audit_month_content(v_month.from_time, v_month.to_time);
        v_held := dsvault_private.held_tenants(v_there.tenant_ids);
        RETURN QUERY SELECT v_month.name::text, v_month.from_time::timestamptz,
            v_month.to_time::timestamptz, v_there.entry_count::bigint,
            pg_total_relation_size(format('dsvault.%I', v_month.name)),
            CASE
                WHEN v_month.to_time > date_trunc('month', now())
                    - make_interval(months => older_than)
                    THEN format('not older than %s months', older_than)
                WHEN to_regclass(format('dsvault_archive.%I', v_month.name)) IS NOT NULL
                    THEN 'an older archive of this month is not dropped yet'
                WHEN v_there.unsealed > 0
                    THEN format('%s entries are not sealed yet', v_there.unsealed)
                WHEN v_held <> '{}'
                    THEN format('legal hold of tenant %s', array_to_string(v_held, ', '))
            END;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION dsvault.audit_months(integer) IS
    'Past months of the audit trail, and what keeps each from being archived if so many months '
    'before this one stay; NULL: nothing.';

REVOKE ALL ON FUNCTION dsvault.audit_months(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.audit_months(integer) TO dsvault_operator;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_recorder;

COMMIT;
