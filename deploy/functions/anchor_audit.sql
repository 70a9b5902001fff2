-- Deploy dsvault:functions/anchor_audit to pg
-- requires: tables/audit_anchors
-- requires: policies/audit_logs
--
-- Why:    every month of the trail has its anchor, whenever its first entry came.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- Months as the catalog has them, and what lies between, before and behind: where the DEFAULT
-- partition is.
CREATE OR REPLACE FUNCTION dsvault_private.audit_ranges()
    RETURNS TABLE (name text, from_time timestamptz, to_time timestamptz)
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
    SET datestyle = 'ISO'
AS $$
    WITH month (name, from_time, to_time) AS (
        SELECT c.relname::text, (b.bounds)[1]::timestamptz, (b.bounds)[2]::timestamptz
        FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid,
        LATERAL regexp_match(pg_get_expr(c.relpartbound, c.oid),
            'FROM \(''([^'']+)''\) TO \(''([^'']+)''\)') AS b (bounds)
        WHERE i.inhparent = 'dsvault.audit_logs'::regclass AND b.bounds IS NOT NULL
    )
    SELECT m.name, m.from_time, m.to_time FROM month AS m
    UNION ALL
    SELECT NULL, g.from_time, g.to_time
    FROM (
        SELECT m.to_time, coalesce(lead(m.from_time) OVER (ORDER BY m.from_time), 'infinity')
        FROM month AS m
        UNION ALL
        SELECT '-infinity', min(m.from_time) FROM month AS m
    ) AS g (from_time, to_time)
    WHERE g.from_time < g.to_time
$$;

GRANT CREATE ON SCHEMA dsvault_private TO dsvault_recorder;
SET LOCAL ROLE dsvault_recorder;

-- SECURITY DEFINER: the owner, who keeps the anchors, sees no entries. Both bounds are values when
-- it runs, so one partition is read.
CREATE OR REPLACE FUNCTION dsvault_private.any_audit_entry(
    from_time timestamptz,
    to_time   timestamptz
)
    RETURNS TABLE (tenant_id uuid, created_at timestamptz, id uuid)
    LANGUAGE plpgsql
    STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY SELECT a.tenant_id, a.created_at, a.id FROM dsvault.audit_logs AS a
    WHERE a.created_at >= any_audit_entry.from_time AND a.created_at < any_audit_entry.to_time
    LIMIT 1;
END;
$$;

-- SECURITY DEFINER: whoever removes an anchor, the trail itself is asked. Beside a broken glass for
-- all tenants an anchor goes with its entry, with the month that this transaction archives, and out
-- of the DEFAULT partition, which maintenance empties.
CREATE OR REPLACE FUNCTION dsvault_private.tg_audit_anchors__refuse()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' AND (
        EXISTS (SELECT FROM dsvault.audit_logs AS a
            WHERE a.tenant_id = '00000000-0000-0000-0000-000000000000'
                AND a.transaction_id = pg_current_xact_id()
                AND (a.action = 'audit.break_glass' OR a.action = 'audit.archive'
                    AND OLD.entry_time >= (a.details ->> 'from')::timestamptz
                    AND OLD.entry_time < (a.details ->> 'to')::timestamptz))
        OR NOT EXISTS (SELECT FROM dsvault.audit_logs AS a
            WHERE a.tenant_id = OLD.entry_tenant AND a.created_at = OLD.entry_time
                AND a.id = OLD.entry_id)
        OR EXISTS (SELECT FROM dsvault_private.audit_ranges() AS r
            WHERE r.name IS NULL AND OLD.entry_time >= r.from_time AND OLD.entry_time < r.to_time))
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'what keeps the partitions of the audit trail is not changed: % of the anchor '
        'at %', TG_OP, OLD.entry_time
        USING ERRCODE = 'DV801',
            HINT = 'dsvault.archive_audit_partition() lets a month go. An owner who must do more '
                'calls dsvault.break_audit_glass(reason) first, in the same transaction.';
END;
$$;

COMMENT ON FUNCTION dsvault_private.any_audit_entry(timestamptz, timestamptz) IS
    'Key of some audit entry of a stretch of time, if there is one.';
COMMENT ON FUNCTION dsvault_private.tg_audit_anchors__refuse() IS
    'Row trigger: refuses to change or remove an anchor (DV801) unless its entry is gone, lies in '
    'the DEFAULT partition, is archived by this transaction, or the glass was broken.';

REVOKE ALL ON FUNCTION dsvault_private.any_audit_entry(timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.tg_audit_anchors__refuse() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault_private.any_audit_entry(timestamptz, timestamptz)
    TO dsvault_owner;
-- Making a trigger takes the right to execute its function; the owner makes them.
GRANT EXECUTE ON FUNCTION dsvault_private.tg_audit_anchors__refuse() TO dsvault_owner;

SET LOCAL ROLE dsvault_owner;

-- SECURITY DEFINER: only the owner keeps anchors. Sealing calls it.
CREATE OR REPLACE FUNCTION dsvault_private.anchor_audit()
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_range record;
BEGIN
    FOR v_range IN
        SELECT r.from_time, r.to_time FROM dsvault_private.audit_ranges() AS r
        WHERE NOT EXISTS (SELECT FROM dsvault_private.audit_anchors AS a
            WHERE a.entry_time >= r.from_time AND a.entry_time < r.to_time)
    LOOP
        INSERT INTO dsvault_private.audit_anchors
        SELECT e.tenant_id, e.created_at, e.id
        FROM dsvault_private.any_audit_entry(v_range.from_time, v_range.to_time) AS e;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION dsvault_private.audit_ranges() IS
    'Months of the audit trail by name, and without a name what only its DEFAULT partition covers.';
COMMENT ON FUNCTION dsvault_private.anchor_audit() IS
    'Gives an anchor to each month of the audit trail that has entries and no anchor.';

REVOKE ALL ON FUNCTION dsvault_private.audit_ranges() FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.anchor_audit() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault_private.audit_ranges() TO dsvault_recorder;
GRANT EXECUTE ON FUNCTION dsvault_private.anchor_audit() TO dsvault_recorder;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_recorder;

COMMIT;
