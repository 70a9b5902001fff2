-- Deploy dsvault:functions/record_changes to pg
-- requires: functions/audit_changes
--
-- Why:    a statement that changes one row and one that changes many are recorded the same way,
--         each at a fair price.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- For few rows: statements whose plan a session makes once, for all tables. key names the columns
-- of the tenant, of the resource, and of what else identifies the row. An entry tells the first two
-- by itself; the time of creation says nothing in a whole row, updated_at never does. Whoever calls
-- it has pinned its own search_path and plan_cache_mode.
CREATE OR REPLACE FUNCTION dsvault_private.record_changes(
    resource_type text,
    operation     text,
    key           text[],
    old_rows      jsonb[],
    new_rows      jsonb[]
)
    RETURNS boolean
    LANGUAGE plpgsql
    VOLATILE
AS $$
DECLARE
    v_origin   record := dsvault_private.audit_origin();
    v_details  jsonb := v_origin.details || jsonb_build_object('operation', operation);
    v_redacted text[] := dsvault.audit_redacted_columns(resource_type);
    v_left_out text[] := key[1:2] || ARRAY['created_at', 'updated_at'];
    v_row      jsonb;
BEGIN
    IF operation <> 'UPDATE' THEN
        FOREACH v_row IN ARRAY coalesce(new_rows, old_rows) LOOP
            INSERT INTO dsvault.audit_logs (tenant_id, user_id, action, resource_type, resource_id,
                details, ip_address, user_agent, created_at)
            VALUES ((v_row ->> key[1])::uuid, CASE WHEN (v_row ->> key[1])::uuid
                    = v_origin.tenant_id THEN v_origin.user_id END,
                dsvault_private.audit_action(record_changes.resource_type, operation, '{}'),
                record_changes.resource_type, (v_row ->> key[2])::uuid,
                v_details || jsonb_build_object(
                    CASE operation WHEN 'INSERT' THEN 'new' ELSE 'old' END,
                    (v_row - v_left_out) || CASE WHEN v_redacted = '{}' THEN '{}' ELSE (
                        SELECT jsonb_object_agg(c, dsvault_private.redaction(c, v_row ->> c))
                        FROM unnest(v_redacted) AS c) END),
                v_origin.ip_address, v_origin.user_agent, clock_timestamp());
        END LOOP;
        RETURN true;
    END IF;
    INSERT INTO dsvault.audit_logs (tenant_id, user_id, action, resource_type, resource_id,
        details, ip_address, user_agent, created_at)
    SELECT c.tenant_id, CASE WHEN c.tenant_id = v_origin.tenant_id THEN v_origin.user_id END,
        dsvault_private.audit_action(record_changes.resource_type, operation, d.new),
        record_changes.resource_type, c.resource_id,
        v_details || c.rest || jsonb_build_object('old', d.old, 'new', d.new),
        v_origin.ip_address, v_origin.user_agent, clock_timestamp()
    FROM (
        SELECT (coalesce(n, o) ->> key[1])::uuid, (coalesce(n, o) ->> key[2])::uuid,
            CASE WHEN key[3] IS NULL THEN '{}'
                ELSE jsonb_build_object(key[3], coalesce(n, o) -> key[3]) END, o, n
        FROM unnest(old_rows) AS o FULL JOIN unnest(new_rows) AS n
            ON o -> key[1] = n -> key[1] AND o -> key[2] = n -> key[2]
                AND coalesce(o -> key[3], '0') = coalesce(n -> key[3], '0')
    ) AS c (tenant_id, resource_id, rest, o, n),
    LATERAL (
        SELECT jsonb_object_agg(e.key, CASE WHEN e.key = ANY (v_redacted)
                THEN to_jsonb(dsvault_private.redaction(e.key, c.o ->> e.key))
                ELSE c.o -> e.key END),
            jsonb_object_agg(e.key, CASE WHEN e.key = ANY (v_redacted)
                THEN to_jsonb(dsvault_private.redaction(e.key, c.n ->> e.key))
                ELSE c.n -> e.key END)
        FROM jsonb_each(coalesce(c.n, c.o)) AS e
        WHERE c.o -> e.key IS DISTINCT FROM c.n -> e.key AND e.key <> 'updated_at'
    ) AS d (old, new)
    WHERE d.old IS NOT NULL;
    RETURN FOUND;
END;
$$;

COMMENT ON FUNCTION dsvault_private.record_changes(text, text, text[], jsonb[], jsonb[]) IS
    'Writes an audit entry for each row that an operation made, removed or really changed; rows '
    'are given as they were and as they are. Returns whether there was any.';

REVOKE ALL ON FUNCTION
    dsvault_private.record_changes(text, text, text[], jsonb[], jsonb[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    dsvault_private.record_changes(text, text, text[], jsonb[], jsonb[]) TO dsvault_recorder;

COMMIT;
