-- Deploy dsvault:functions/record_archive to pg
-- requires: policies/audit_archives
-- requires: functions/sealed_month
-- requires: functions/audit_origin
-- requires: functions/merkle
--
-- Why:    a month leaves the trail only as it was sealed and as the file has it, and the trail
--         says so.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_recorder;
SET LOCAL ROLE dsvault_recorder;

-- SECURITY DEFINER: only the recorder reads and writes the trail; the owner lets the month go.
-- contents is the tree hash over those of the tenants, in their order: what the file holds.
CREATE OR REPLACE FUNCTION dsvault_private.record_archive(
    partition_name text,
    from_time      timestamptz,
    to_time        timestamptz,
    file_name      text,
    file_hash      bytea,
    contents       bytea
)
    RETURNS bigint
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
    SET datestyle = 'ISO'
AS $$
DECLARE
    v_month    dsvault.audit_archives;
    v_found    record;
    v_origin   record;
    v_archives dsvault.audit_archives[] := '{}'::dsvault.audit_archives[];
    v_roots    bytea := ''::bytea;
    v_count    bigint := 0;
BEGIN
    v_month.partition_name := record_archive.partition_name;
    v_month.from_time := record_archive.from_time;
    v_month.to_time := record_archive.to_time;
    v_month.file_name := record_archive.file_name;
    v_month.file_hash := record_archive.file_hash;
    v_month.archived_at := clock_timestamp();
    FOR v_found IN
        SELECT s.* FROM dsvault_private.sealed_month(v_month.from_time, v_month.to_time) AS s
    LOOP
        IF v_found.first_wrong IS NOT NULL THEN
            RAISE EXCEPTION 'entry % is not as it was sealed', v_found.first_wrong
                USING ERRCODE = 'DV823', HINT = 'dsvault audit verify tells what is wrong.';
        END IF;
        v_month.tenant_id := v_found.tenant_id;
        v_month.entry_id := gen_random_uuid();
        v_month.entry_count := v_found.entry_count;
        v_month.places := v_found.places;
        v_month.root_hash := dsvault.merkle_root_of_hashes(v_found.leaf_hashes);
        v_roots := v_roots || v_month.root_hash;
        v_count := v_count + v_month.entry_count;
        v_archives := v_archives || v_month;
    END LOOP;
    IF contents IS DISTINCT FROM dsvault.merkle_root_of_hashes(v_roots) THEN
        RAISE EXCEPTION 'the file does not hold what % holds', partition_name
            USING ERRCODE = 'DV824', DETAIL = format('There are %s entries.', v_count),
                HINT = 'Export it anew: dsvault audit archive.';
    END IF;
    IF NOT EXISTS (SELECT FROM unnest(v_archives) AS a
        WHERE a.tenant_id = '00000000-0000-0000-0000-000000000000')
    THEN
        v_month.tenant_id := '00000000-0000-0000-0000-000000000000';
        v_month.entry_id := gen_random_uuid();
        v_month.entry_count := 0;
        v_month.places := '{}'::int8multirange;
        v_month.root_hash := dsvault.merkle_root_of_hashes('');
        v_archives := v_archives || v_month;
    END IF;
    v_origin := dsvault_private.audit_origin();
    INSERT INTO dsvault.audit_archives SELECT a.* FROM unnest(v_archives) AS a;
    INSERT INTO dsvault.audit_logs (id, tenant_id, action, resource_type, details, ip_address,
        user_agent, created_at)
    SELECT a.entry_id, a.tenant_id, 'audit.archive', 'audit',
        v_origin.details || jsonb_build_object('operation', 'EVENT', 'partition', a.partition_name,
            'from', a.from_time, 'to', a.to_time, 'entries', a.entry_count,
            'places', a.places::text, 'root_hash', encode(a.root_hash, 'hex'),
            'file', a.file_name, 'file_hash', encode(a.file_hash, 'hex'),
            'archives', encode(dsvault_private.archives_hash(a.tenant_id), 'hex')),
        v_origin.ip_address, v_origin.user_agent, a.archived_at
    FROM unnest(v_archives) AS a;
    RETURN v_count;
END;
$$;

-- SECURITY DEFINER: for the same reason. It returns whether the month's last archive is such a one,
-- and if so writes down, for every tenant whose entries left with it, that the month is dropped.
CREATE OR REPLACE FUNCTION dsvault_private.record_drop(partition_name text, file_hash bytea)
    RETURNS boolean
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_origin record := dsvault_private.audit_origin();
BEGIN
    INSERT INTO dsvault.audit_logs (tenant_id, action, resource_type, details, ip_address,
        user_agent, created_at)
    SELECT a.tenant_id, 'audit.drop', 'audit',
        v_origin.details || jsonb_build_object('operation', 'EVENT', 'partition', a.partition_name,
            'file', a.file_name, 'file_hash', encode(a.file_hash, 'hex')),
        v_origin.ip_address, v_origin.user_agent, clock_timestamp()
    FROM dsvault.audit_archives AS a
    WHERE a.partition_name = record_drop.partition_name AND a.file_hash = record_drop.file_hash
        AND a.archived_at = (SELECT max(l.archived_at) FROM dsvault.audit_archives AS l
            WHERE l.partition_name = record_drop.partition_name);
    RETURN FOUND;
END;
$$;

COMMENT ON FUNCTION
    dsvault_private.record_archive(text, timestamptz, timestamptz, text, bytea, bytea) IS
    'Notes that a month leaves the trail for a file, in the trail too; returns the number of its '
    'entries. DV823 if one is not as it was sealed, DV824 if the file holds something else.';
COMMENT ON FUNCTION dsvault_private.record_drop(text, bytea) IS
    'Writes down, for each tenant of it, that an archived month is dropped; false if its last '
    'archive is no such one.';

REVOKE ALL ON FUNCTION
    dsvault_private.record_archive(text, timestamptz, timestamptz, text, bytea, bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.record_drop(text, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    dsvault_private.record_archive(text, timestamptz, timestamptz, text, bytea, bytea)
    TO dsvault_owner;
GRANT EXECUTE ON FUNCTION dsvault_private.record_drop(text, bytea) TO dsvault_owner;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_recorder;

COMMIT;
