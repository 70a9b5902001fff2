-- Deploy dsvault:functions/ensure_audit_partitions to pg
-- requires: schemas/dsvault
-- requires: functions/close_audit_partition
--
-- Why:    an audit trail partitioned by month needs its months before they come.
-- Locks:  none itself. When called: SHARE UPDATE EXCLUSIVE on dsvault.audit_logs, ACCESS EXCLUSIVE
--         on its DEFAULT partition while that is scanned (it is meant to be empty), on both if not.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- SECURITY DEFINER as the owner, because nobody else may attach a partition; the owner sees no
-- rows. Months are cut in UTC whatever the session's time zone. The lock lets one session at a
-- time create.
CREATE OR REPLACE FUNCTION dsvault.ensure_audit_partitions(months_ahead integer DEFAULT 3)
    RETURNS integer
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    v_month timestamptz := date_trunc('month', now());
    v_name  text;
    v_made  integer := 0;
BEGIN
    IF months_ahead IS NULL OR months_ahead NOT BETWEEN 0 AND 120 THEN
        RAISE EXCEPTION 'months_ahead is %, expected 0 to 120', months_ahead
            USING ERRCODE = 'DV401', HINT = 'Name how many months after this one need a partition.';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('dsvault.audit_logs partitions', 0));
    -- The size tells whether there ever was a row, without looking at any.
    IF pg_relation_size(to_regclass('dsvault.audit_logs_default')) > 0 THEN
        v_made := dsvault_private.drain_audit_default();
    END IF;

    FOR i IN 0..months_ahead LOOP
        v_name := 'audit_logs_' || to_char(v_month, 'YYYY_MM');
        IF to_regclass(format('dsvault.%I', v_name)) IS NULL THEN
            EXECUTE format('CREATE TABLE dsvault.%I PARTITION OF dsvault.audit_logs
                FOR VALUES FROM (%L) TO (%L)', v_name, v_month, v_month + interval '1 month');
            PERFORM dsvault_private.close_audit_partition(v_name,
                'Audit rows of one month, in UTC; reached through audit_logs only.');
            v_made := v_made + 1;
        END IF;
        v_month := v_month + interval '1 month';
    END LOOP;
    RETURN v_made;
END;
$$;

-- The name that the design gives to the same task.
CREATE OR REPLACE FUNCTION dsvault.create_next_audit_partition()
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
BEGIN
    PERFORM dsvault.ensure_audit_partitions(1);
    RAISE NOTICE 'Created partition: %',
        'audit_logs_' || to_char(date_trunc('month', now()) + interval '1 month', 'YYYY_MM');
END;
$$;

COMMENT ON FUNCTION dsvault.ensure_audit_partitions(integer) IS
    'Creates the audit partitions of this month and the next months_ahead (0 to 120) that are '
    'missing, and those of rows that lie in the DEFAULT partition, which moves them; returns how '
    'many.';
COMMENT ON FUNCTION dsvault.create_next_audit_partition() IS
    'Creates the audit partition of next month unless it exists.';

REVOKE ALL ON FUNCTION dsvault.ensure_audit_partitions(integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault.create_next_audit_partition() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.ensure_audit_partitions(integer) TO dsvault_operator;
GRANT EXECUTE ON FUNCTION dsvault.create_next_audit_partition() TO dsvault_operator;

COMMIT;
