-- Deploy dsvault:functions/archive_audit_partition to pg
-- requires: functions/audit_months
-- requires: functions/record_archive
-- requires: functions/guard_audit
-- requires: triggers/guard_anchors
-- requires: schemas/dsvault_archive
--
-- Why:    retention ends the trail's months one by one, each for a file that is proven to hold it.
-- Locks:  none. When called: SHARE ROW EXCLUSIVE on the month while it is compared, then, without a
--         scan, ACCESS EXCLUSIVE on dsvault.audit_logs; it gives up after five seconds of waiting.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- SECURITY DEFINER as the owner, because nobody else may detach a partition. Whoever calls it has
-- read the file again and names its hashes. The month keeps its rows, apart, until it is dropped.
-- Its anchor goes first, which the guard allows since the trail already says what happens.
CREATE OR REPLACE FUNCTION dsvault.archive_audit_partition(
    partition_name text,
    older_than     integer,
    file_name      text,
    file_hash      bytea,
    contents       bytea
)
    RETURNS bigint
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '5s'
AS $$
DECLARE
    v_month record;
    v_count bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('dsvault.audit_logs partitions', 0));
    SELECT m.* INTO v_month FROM dsvault.audit_months(older_than) AS m
    WHERE m.partition_name = archive_audit_partition.partition_name;
    IF v_month IS NULL THEN
        RAISE EXCEPTION 'there is no past month % in the audit trail', coalesce(partition_name,
            'NULL')
            USING ERRCODE = 'DV821',
                HINT = 'SELECT * FROM dsvault.audit_months(12) lists them; this month and the '
                    'DEFAULT partition are none.';
    END IF;
    IF v_month.blocked_by IS NOT NULL THEN
        RAISE EXCEPTION '% stays in the audit trail', partition_name
            USING ERRCODE = 'DV822', DETAIL = v_month.blocked_by;
    END IF;
    EXECUTE format('LOCK TABLE dsvault.%I IN SHARE ROW EXCLUSIVE MODE', partition_name);
    v_count := dsvault_private.record_archive(partition_name, v_month.from_time, v_month.to_time,
        file_name, file_hash, contents);
    DELETE FROM dsvault_private.audit_anchors AS a
    WHERE a.entry_time >= v_month.from_time AND a.entry_time < v_month.to_time;
    EXECUTE format('GRANT SELECT ON dsvault.%I TO dsvault_owner', partition_name);
    EXECUTE format('ALTER TABLE dsvault.audit_logs DETACH PARTITION dsvault.%I', partition_name);
    EXECUTE format('REVOKE SELECT ON dsvault.%I FROM dsvault_owner', partition_name);
    EXECUTE format('CREATE TRIGGER _200_refuse BEFORE UPDATE OR DELETE ON dsvault.%I
        FOR EACH ROW EXECUTE FUNCTION dsvault_private.tg_audit_logs__refuse()', partition_name);
    EXECUTE format('ALTER TABLE dsvault.%I SET SCHEMA dsvault_archive', partition_name);
    RETURN v_count;
END;
$$;

-- SECURITY DEFINER: for the same reason. The hash of the file is named once more: who has not got
-- it does not drop what it holds.
CREATE OR REPLACE FUNCTION dsvault.drop_archived_partition(partition_name text, file_hash bytea)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '5s'
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('dsvault.audit_logs partitions', 0));
    IF to_regclass('dsvault_archive.' || quote_ident(partition_name)) IS NULL
        OR NOT dsvault_private.record_drop(partition_name, file_hash)
    THEN
        RAISE EXCEPTION 'no archived month % with a file of this hash waits to be dropped',
            coalesce(partition_name, 'NULL')
            USING ERRCODE = 'DV825',
                HINT = 'dsvault.audit_archives tells the file and its hash; it must be there, and '
                    'unchanged.';
    END IF;
    EXECUTE format('DROP TABLE dsvault_archive.%I', partition_name);
END;
$$;

-- SECURITY DEFINER: operators have no access to the schema in which archived months wait.
CREATE OR REPLACE FUNCTION dsvault.archived_audit_partitions()
    RETURNS TABLE (partition_name text, bytes bigint)
    LANGUAGE sql
    STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT c.relname::text, pg_total_relation_size(c.oid)
    FROM pg_class AS c
    WHERE c.relnamespace = 'dsvault_archive'::regnamespace AND c.relkind = 'r'
    ORDER BY c.relname
$$;

COMMENT ON FUNCTION dsvault.archive_audit_partition(text, integer, text, bytea, bytea) IS
    'Lets a month of the audit trail go, for a file that holds it; returns how many entries. DV821 '
    'if there is no such month, DV822 if something keeps it, DV823 if an entry is not as it was '
    'sealed, DV824 if the file holds something else.';
COMMENT ON FUNCTION dsvault.drop_archived_partition(text, bytea) IS
    'Drops a month that was archived before; DV825 unless the hash is that of its file.';
COMMENT ON FUNCTION dsvault.archived_audit_partitions() IS
    'Archived months that are not dropped yet, with their size.';

REVOKE ALL ON FUNCTION
    dsvault.archive_audit_partition(text, integer, text, bytea, bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault.drop_archived_partition(text, bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault.archived_audit_partitions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    dsvault.archive_audit_partition(text, integer, text, bytea, bytea) TO dsvault_operator;
GRANT EXECUTE ON FUNCTION dsvault.drop_archived_partition(text, bytea) TO dsvault_operator;
GRANT EXECUTE ON FUNCTION dsvault.archived_audit_partitions() TO dsvault_operator;

COMMIT;
