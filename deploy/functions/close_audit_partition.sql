-- Deploy dsvault:functions/close_audit_partition to pg
-- requires: schemas/dsvault_private
-- requires: functions/guard_audit
--
-- Why:    a partition is closed by its own name from the moment that it is one.
-- Locks:  none. When called: ACCESS EXCLUSIVE on dsvault.audit_logs while rows are moved.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- Both act as the owner, by way of dsvault.ensure_audit_partitions(); nobody else calls them.
CREATE OR REPLACE FUNCTION dsvault_private.close_audit_partition(name text, remark text)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('ALTER TABLE dsvault.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE dsvault.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('COMMENT ON TABLE dsvault.%I IS %L', name, remark);
    -- Detaching asks the anchors, as the owner, whom row security would show no row to find.
    EXECUTE format('REVOKE SELECT ON dsvault.%I FROM dsvault_owner', name);
    -- Row triggers come with the parent, this one does not.
    EXECUTE format('CREATE OR REPLACE TRIGGER _200_refuse_truncate BEFORE TRUNCATE ON dsvault.%I
        FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg__refuse_truncate()', name);
END;
$$;

-- Rows of months that nobody made lie in the DEFAULT partition, and would keep those months from
-- being made. It is taken off; each month that it has rows of becomes a partition; an empty one
-- takes its place. While it is off nobody writes, and no trigger of the trail is in the way: the
-- rows stay what they are. The owner sees them once FORCE is lifted from what is no partition now.
-- Anchors of such rows would hold the partition; they are made anew at the end.
CREATE OR REPLACE FUNCTION dsvault_private.drain_audit_default()
    RETURNS integer
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    v_month timestamptz;
    v_name  text;
    v_made  integer := 0;
BEGIN
    DELETE FROM dsvault_private.audit_anchors AS a
    USING dsvault_private.audit_ranges() AS r
    WHERE r.name IS NULL AND a.entry_time >= r.from_time AND a.entry_time < r.to_time;
    GRANT SELECT ON dsvault.audit_logs_default TO dsvault_owner;
    ALTER TABLE dsvault.audit_logs DETACH PARTITION dsvault.audit_logs_default;
    ALTER TABLE dsvault.audit_logs_default NO FORCE ROW LEVEL SECURITY;
    FOR v_month IN
        SELECT DISTINCT date_trunc('month', d.created_at) FROM dsvault.audit_logs_default AS d
        ORDER BY 1
    LOOP
        v_name := 'audit_logs_' || to_char(v_month, 'YYYY_MM');
        EXECUTE format('CREATE TABLE dsvault.%I (LIKE dsvault.audit_logs INCLUDING ALL)', v_name);
        EXECUTE format('INSERT INTO dsvault.%I SELECT * FROM dsvault.audit_logs_default AS d
            WHERE d.created_at >= $1 AND d.created_at < $2', v_name)
            USING v_month, v_month + interval '1 month';
        EXECUTE format('ALTER TABLE dsvault.audit_logs ATTACH PARTITION dsvault.%I
            FOR VALUES FROM (%L) TO (%L)', v_name, v_month, v_month + interval '1 month');
        PERFORM dsvault_private.close_audit_partition(v_name,
            'Audit rows of one month, in UTC; reached through audit_logs only.');
        v_made := v_made + 1;
    END LOOP;
    DROP TABLE dsvault.audit_logs_default;
    CREATE TABLE dsvault.audit_logs_default PARTITION OF dsvault.audit_logs DEFAULT;
    PERFORM dsvault_private.close_audit_partition('audit_logs_default',
        'Audit rows that no monthly partition covers; checks demand that it is empty.');
    PERFORM dsvault_private.anchor_audit();
    RETURN v_made;
END;
$$;

COMMENT ON FUNCTION dsvault_private.close_audit_partition(text, text) IS
    'Gives an audit partition forced row security without a policy, a comment, and the trigger '
    'that refuses to truncate it; its owner reads it through the parent only, and cannot detach '
    'it.';
COMMENT ON FUNCTION dsvault_private.drain_audit_default() IS
    'Makes partitions of the months whose rows lie in the DEFAULT partition, and moves them there; '
    'returns how many.';

REVOKE ALL ON FUNCTION dsvault_private.close_audit_partition(text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.drain_audit_default() FROM PUBLIC;

COMMIT;
