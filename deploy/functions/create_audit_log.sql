-- Deploy dsvault:functions/create_audit_log to pg
-- requires: functions/changes_query
-- requires: functions/record_changes
-- requires: policies/audit_logs
--
-- Why:    whatever changes a tenant's rows leaves an entry, or does not happen.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault, dsvault_private TO dsvault_recorder;
SET LOCAL ROLE dsvault_recorder;

-- SECURITY DEFINER: only the recorder writes the trail; who changes a row could not. Nothing here
-- catches an error: what cannot be recorded is undone. Arguments: the kind of resource, then the
-- columns of tenant, resource, and what else identifies a row.
-- More than 50 rows are worth a plan of their own; few keep theirs by plan_cache_mode, and by an
-- assignment, which calls without the executor that PERFORM takes. Cascades fire for every row they
-- start from, mostly for nothing. Ids of one statement differ in the last 32 bits only: more random
-- numbers would be a tenth of the work, and keys in order insert quicker.
CREATE OR REPLACE FUNCTION dsvault.create_audit_log()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    v_key    text[] := TG_ARGV[1:];
    v_old    jsonb[];
    v_new    jsonb[];
    v_count  integer;
    v_origin record;
    v_names  text[];
    v_said   boolean;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        v_origin := dsvault_private.audit_origin();
        INSERT INTO dsvault.audit_logs (tenant_id, action, resource_type, details, ip_address,
            user_agent, created_at)
        VALUES ('00000000-0000-0000-0000-000000000000', TG_ARGV[0] || '.truncate', TG_ARGV[0],
            v_origin.details || jsonb_build_object('operation', TG_OP),
            v_origin.ip_address, v_origin.user_agent, clock_timestamp());
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        v_old := ARRAY(SELECT to_jsonb(o) FROM old_rows AS o LIMIT 51);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        v_new := ARRAY(SELECT to_jsonb(n) FROM new_rows AS n LIMIT 51);
    END IF;
    v_count := cardinality(coalesce(v_new, v_old));

    IF v_count > 50 THEN
        v_origin := dsvault_private.audit_origin();
        IF TG_OP = 'UPDATE' THEN
            EXECUTE dsvault_private.changed_columns_query(TG_RELID, v_key) INTO v_names;
            IF v_names = '{}' THEN
                RETURN NULL;
            END IF;
        END IF;
        EXECUTE format(
            'INSERT INTO dsvault.audit_logs (id, tenant_id, user_id, action, resource_type,
                resource_id, details, ip_address, user_agent, created_at)
            SELECT ($9 || to_hex(x''10000000''::bigint + c.number))::uuid,
                c.tenant_id, CASE WHEN c.tenant_id = $1 THEN $2 END,
                dsvault_private.audit_action($3, $4, c.new), $3, c.resource_id,
                $5 || %s jsonb_build_object(%s), $6, $7, $8
            FROM (%s) AS c (number, tenant_id, resource_id, rest, old, new)
            WHERE $4 <> ''UPDATE'' OR c.old <> ''{}'' OR c.new <> ''{}''',
            CASE WHEN v_key[3] IS NOT NULL THEN 'c.rest ||' END,
            CASE TG_OP WHEN 'INSERT' THEN '''new'', c.new' WHEN 'DELETE' THEN '''old'', c.old'
                ELSE '''old'', c.old, ''new'', c.new' END,
            dsvault_private.changes_query(
                TG_RELID, TG_OP, v_key, dsvault.audit_redacted_columns(TG_ARGV[0]), v_names))
        USING v_origin.tenant_id, v_origin.user_id, TG_ARGV[0], TG_OP,
            v_origin.details || jsonb_build_object('operation', TG_OP),
            v_origin.ip_address, v_origin.user_agent, clock_timestamp(),
            left(gen_random_uuid()::text, 28);
    ELSIF v_count > 0 THEN
        v_said := dsvault_private.record_changes(TG_ARGV[0], TG_OP, v_key, v_old, v_new);
    END IF;
    RETURN NULL;
END;
$$;

-- SECURITY DEFINER: as above. Records come by the million, and each is sealed by its version: one
-- entry tells how many a statement wrote to a version or took from it, and which if they are few.
CREATE OR REPLACE FUNCTION dsvault_private.tg_records__audit()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_origin record;
    v_rows   jsonb;
BEGIN
    IF TG_OP = 'DELETE' THEN
        v_rows := (SELECT jsonb_agg(to_jsonb(r)) FROM (
            SELECT o.tenant_id, o.version_id, o.dataset_id, count(*) AS record_count,
                (array_agg(o.id))[1:20] AS ids
            FROM old_rows AS o GROUP BY o.tenant_id, o.version_id, o.dataset_id) AS r);
    ELSE
        v_rows := (SELECT jsonb_agg(to_jsonb(r)) FROM (
            SELECT n.tenant_id, n.version_id, n.dataset_id, count(*) AS record_count,
                (array_agg(n.id))[1:20] AS ids
            FROM new_rows AS n GROUP BY n.tenant_id, n.version_id, n.dataset_id) AS r);
    END IF;
    IF v_rows IS NULL THEN
        RETURN NULL;
    END IF;
    v_origin := dsvault_private.audit_origin();
    INSERT INTO dsvault.audit_logs (tenant_id, user_id, action, resource_type, resource_id,
        details, ip_address, user_agent, created_at)
    SELECT r.tenant_id, CASE WHEN r.tenant_id = v_origin.tenant_id THEN v_origin.user_id END,
        dsvault_private.audit_action('record', TG_OP, '{}'), 'version', r.version_id,
        v_origin.details || jsonb_build_object('operation', TG_OP, 'dataset_id', r.dataset_id,
            'record_count', r.record_count)
            || CASE WHEN r.record_count <= 20 THEN jsonb_build_object('record_ids', r.ids)
                ELSE '{}' END,
        v_origin.ip_address, v_origin.user_agent, clock_timestamp()
    FROM jsonb_to_recordset(v_rows) AS r (tenant_id uuid, version_id uuid, dataset_id uuid,
        record_count bigint, ids jsonb);
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION dsvault.create_audit_log() IS
    'Statement trigger: writes an audit entry for each row that the statement made, changed or '
    'removed, and one if it truncated the table; fails the statement if it cannot.';
COMMENT ON FUNCTION dsvault_private.tg_records__audit() IS
    'Statement trigger on records: writes an audit entry for each version that the statement '
    'wrote records to or took them from.';

REVOKE ALL ON FUNCTION dsvault.create_audit_log() FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.tg_records__audit() FROM PUBLIC;
-- Making a trigger takes the right to execute its function; the owner makes them.
GRANT EXECUTE ON FUNCTION dsvault.create_audit_log() TO dsvault_owner;
GRANT EXECUTE ON FUNCTION dsvault_private.tg_records__audit() TO dsvault_owner;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault, dsvault_private FROM dsvault_recorder;

COMMIT;
