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

-- For few rows: statements whose plan a session makes once; left to itself the planner would make
-- the second one anew each time, which takes three times as long. key names the columns of the
-- tenant, of the resource, and of what else identifies the row. An entry tells the first two by
-- itself; the time of creation says nothing in a whole row, updated_at never does. Whoever calls it
-- has pinned its own search_path.
CREATE OR REPLACE FUNCTION dsvault_private.record_changes(
    resource_type text,
    operation     text,
    key           text[],
    old_rows      jsonb,
    new_rows      jsonb
)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    v_origin   record := dsvault_private.audit_origin();
    v_details  jsonb := v_origin.details || jsonb_build_object('operation', operation);
    v_redacted text[] := dsvault.audit_redacted_columns(resource_type);
    v_mask     jsonb := '{}'::jsonb;
BEGIN
    IF operation <> 'UPDATE' THEN
        IF v_redacted <> '{}' THEN
            v_mask := (SELECT jsonb_object_agg(c, '(redacted)') FROM unnest(v_redacted) AS c);
        END IF;
        INSERT INTO dsvault.audit_logs (tenant_id, user_id, action, resource_type, resource_id,
            details, ip_address, user_agent, created_at)
        SELECT c.tenant_id, CASE WHEN c.tenant_id = v_origin.tenant_id THEN v_origin.user_id END,
            dsvault_private.audit_action(record_changes.resource_type, operation, '{}'),
            record_changes.resource_type, c.resource_id,
            v_details || jsonb_build_object(CASE operation WHEN 'INSERT' THEN 'new' ELSE 'old' END,
                (c.doc - (key[1:2] || ARRAY['created_at', 'updated_at'])) || v_mask),
            v_origin.ip_address, v_origin.user_agent, clock_timestamp()
        FROM (
            SELECT (r ->> key[1])::uuid, (r ->> key[2])::uuid, r
            FROM jsonb_array_elements(coalesce(new_rows, old_rows)) AS r
        ) AS c (tenant_id, resource_id, doc);
        RETURN;
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
        FROM jsonb_array_elements(old_rows) AS o FULL JOIN jsonb_array_elements(new_rows) AS n
            ON o -> key[1] = n -> key[1] AND o -> key[2] = n -> key[2]
                AND coalesce(o -> key[3], '0') = coalesce(n -> key[3], '0')
    ) AS c (tenant_id, resource_id, rest, o, n),
    LATERAL (
        SELECT jsonb_object_agg(e.key, CASE WHEN e.key = ANY (v_redacted)
                THEN '"(redacted)"' ELSE c.o -> e.key END),
            jsonb_object_agg(e.key, CASE WHEN e.key = ANY (v_redacted)
                THEN '"(redacted)"' ELSE c.n -> e.key END)
        FROM jsonb_each(coalesce(c.n, c.o)) AS e
        WHERE c.o -> e.key IS DISTINCT FROM c.n -> e.key AND e.key <> 'updated_at'
    ) AS d (old, new)
    WHERE d.old IS NOT NULL;
END;
$$;

-- For many rows: texts of queries on the transition tables, which compare column by column; that
-- takes planning, and a fraction of the time for each row. The first tells which columns an UPDATE
-- changed in any row: mostly one or two, and then only those are looked at in each.
CREATE OR REPLACE FUNCTION dsvault_private.changed_columns_query(relation oid, key text[])
    RETURNS text
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('SELECT array_remove(ARRAY[%s], NULL)
            FROM old_rows AS o FULL JOIN new_rows AS n ON %s',
        string_agg(format('CASE WHEN bool_or(o.%1$I IS DISTINCT FROM n.%1$I) THEN %1$L END',
            a.attname), ', '),
        (SELECT string_agg(format('o.%1$I = n.%1$I', k), ' AND ') FROM unnest(key) AS k))
    FROM pg_attribute AS a
    WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attname <> ALL (key[1:2] || 'updated_at'::text)
$$;

-- The second gives tenant, resource, rest of the key, and what each row was and is.
CREATE OR REPLACE FUNCTION dsvault_private.changes_query(
    relation  oid,
    operation text,
    key       text[],
    redacted  text[],
    changed   text[]
)
    RETURNS text
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    WITH col (name, place, old, new) AS (
        SELECT a.attname, a.attnum,
            CASE WHEN a.attname = ANY (redacted) THEN '''(redacted)'''
                ELSE format('o.%I', a.attname) END,
            CASE WHEN a.attname = ANY (redacted) THEN '''(redacted)'''
                ELSE format('n.%I', a.attname) END
        FROM pg_attribute AS a
        WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
            AND CASE operation WHEN 'UPDATE' THEN a.attname = ANY (changed)
                ELSE a.attname <> ALL (key[1:2] || ARRAY['created_at', 'updated_at']) END
    ), doc (old, new, old_changed, new_changed) AS (
        SELECT string_agg(format('%L, %s', c.name, c.old), ', ' ORDER BY c.place),
            string_agg(format('%L, %s', c.name, c.new), ', ' ORDER BY c.place),
            string_agg(format('CASE WHEN o.%1$I IS DISTINCT FROM n.%1$I
                THEN jsonb_build_object(%1$L, %2$s) ELSE ''{}'' END', c.name, c.old), ' || '),
            string_agg(format('CASE WHEN o.%1$I IS DISTINCT FROM n.%1$I
                THEN jsonb_build_object(%1$L, %2$s) ELSE ''{}'' END', c.name, c.new), ' || ')
        FROM col AS c
    )
    SELECT CASE operation
        WHEN 'INSERT' THEN format('SELECT n.%I, n.%I, ''{}''::jsonb, ''{}''::jsonb,
            jsonb_build_object(%s) FROM new_rows AS n', key[1], key[2], doc.new)
        WHEN 'DELETE' THEN format('SELECT o.%I, o.%I, ''{}''::jsonb, jsonb_build_object(%s),
            ''{}''::jsonb FROM old_rows AS o', key[1], key[2], doc.old)
        ELSE format('SELECT coalesce(n.%1$I, o.%1$I), coalesce(n.%2$I, o.%2$I), %3$s, %4$s, %5$s
            FROM old_rows AS o FULL JOIN new_rows AS n ON %6$s', key[1], key[2],
            CASE WHEN key[3] IS NULL THEN '''{}''::jsonb'
                ELSE format('jsonb_build_object(%1$L, coalesce(n.%1$I, o.%1$I))', key[3]) END,
            doc.old_changed, doc.new_changed,
            (SELECT string_agg(format('o.%1$I = n.%1$I', k), ' AND ') FROM unnest(key) AS k))
        END
    FROM doc
$$;

COMMENT ON FUNCTION dsvault_private.record_changes(text, text, text[], jsonb, jsonb) IS
    'Writes an audit entry for each row that an operation made, removed or really changed; rows '
    'are given as they were and as they are.';
COMMENT ON FUNCTION dsvault_private.changed_columns_query(oid, text[]) IS
    'Text of a query on the transition tables of a relation: the columns that an UPDATE changed.';
COMMENT ON FUNCTION dsvault_private.changes_query(oid, text, text[], text[], text[]) IS
    'Text of a query on the transition tables of a relation: tenant, resource, rest of the key, '
    'and what of each row was and is.';

REVOKE ALL ON FUNCTION
    dsvault_private.record_changes(text, text, text[], jsonb, jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.changed_columns_query(oid, text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION
    dsvault_private.changes_query(oid, text, text[], text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    dsvault_private.record_changes(text, text, text[], jsonb, jsonb) TO dsvault_recorder;
GRANT EXECUTE ON FUNCTION dsvault_private.changed_columns_query(oid, text[]) TO dsvault_recorder;
GRANT EXECUTE ON FUNCTION
    dsvault_private.changes_query(oid, text, text[], text[], text[]) TO dsvault_recorder;

COMMIT;
