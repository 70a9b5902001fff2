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

-- For few rows: one statement whose plan a session makes once. key names the columns of the
-- tenant, of the resource, and of what else identifies the row. An entry tells the first two by
-- itself; NULLs and the time of creation say nothing in a whole row, updated_at never does.
CREATE OR REPLACE FUNCTION dsvault_private.record_changes(
    resource_type text,
    operation     text,
    key           text[],
    old_rows      jsonb[],
    new_rows      jsonb[]
)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_origin   record;
    v_redacted text[] := dsvault.audit_redacted_columns(resource_type);
    v_silent   text[] := key[1:2] || 'updated_at'::text
        || CASE WHEN operation <> 'UPDATE' THEN ARRAY['created_at'] END;
BEGIN
    SELECT * INTO v_origin FROM dsvault_private.audit_origin();
    INSERT INTO dsvault.audit_logs (tenant_id, user_id, action, resource_type, resource_id,
        details, ip_address, user_agent, created_at)
    SELECT c.tenant_id, CASE WHEN c.tenant_id = v_origin.tenant_id THEN v_origin.user_id END,
        dsvault_private.audit_action(record_changes.resource_type, operation, c.new),
        record_changes.resource_type, c.resource_id,
        v_origin.details || c.rest || CASE operation
            WHEN 'INSERT' THEN jsonb_build_object('operation', operation, 'new', c.new)
            WHEN 'DELETE' THEN jsonb_build_object('operation', operation, 'old', c.old)
            ELSE jsonb_build_object('operation', operation, 'old', c.old, 'new', c.new) END,
        v_origin.ip_address, v_origin.user_agent, clock_timestamp()
    FROM (
        SELECT (coalesce(n, o) ->> key[1])::uuid, (coalesce(n, o) ->> key[2])::uuid,
            CASE WHEN operation = 'UPDATE' AND key[3] IS NOT NULL
                THEN jsonb_build_object(key[3], coalesce(n, o) -> key[3]) ELSE '{}' END,
            (SELECT coalesce(jsonb_object_agg(e.key,
                    CASE WHEN e.key = ANY (v_redacted) THEN '"(redacted)"' ELSE e.value END), '{}')
                FROM jsonb_each(o) AS e
                WHERE e.value <> coalesce(n -> e.key, 'null') AND e.key <> ALL (v_silent)),
            (SELECT coalesce(jsonb_object_agg(e.key,
                    CASE WHEN e.key = ANY (v_redacted) THEN '"(redacted)"' ELSE e.value END), '{}')
                FROM jsonb_each(n) AS e
                WHERE e.value <> coalesce(o -> e.key, 'null') AND e.key <> ALL (v_silent))
        FROM unnest(old_rows) AS o FULL JOIN unnest(new_rows) AS n
            ON o -> key[1] = n -> key[1] AND o -> key[2] = n -> key[2]
                AND coalesce(o -> key[3], '0') = coalesce(n -> key[3], '0')
        OFFSET 0
    ) AS c (tenant_id, resource_id, rest, old, new)
    WHERE operation <> 'UPDATE' OR c.old <> '{}' OR c.new <> '{}';
END;
$$;

-- For many rows: the text of a query with the columns of the innermost one above. It compares
-- column by column, which takes planning, and a fraction of the time for each row.
CREATE OR REPLACE FUNCTION dsvault_private.changes_query(
    relation  oid,
    operation text,
    key       text[],
    redacted  text[]
)
    RETURNS text
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    WITH doc (old, new) AS (
        SELECT string_agg(format(c.part, a.attname, 'o'), ' || ' ORDER BY a.attnum),
            string_agg(format(c.part, a.attname, 'n'), ' || ' ORDER BY a.attnum)
        FROM pg_attribute AS a,
            LATERAL (
                SELECT concat(
                    CASE
                        WHEN operation = 'UPDATE' THEN 'CASE WHEN o.%1$I IS DISTINCT FROM n.%1$I'
                        ELSE 'CASE WHEN %2$s.%1$I IS NOT NULL'
                    END,
                    ' THEN jsonb_build_object(%1$L, ',
                    CASE WHEN a.attname = ANY (redacted) THEN '''(redacted)''' ELSE '%2$s.%1$I' END,
                    ') ELSE ''{}'' END')
            ) AS c (part)
        WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
            AND a.attname <> ALL (key[1:2] || 'updated_at'::text
                || CASE WHEN operation <> 'UPDATE' THEN ARRAY['created_at'] END)
    )
    SELECT CASE operation
        WHEN 'INSERT' THEN format(
            'SELECT n.%I, n.%I, ''{}''::jsonb, ''{}''::jsonb, %s FROM new_rows AS n',
            key[1], key[2], doc.new)
        WHEN 'DELETE' THEN format(
            'SELECT o.%I, o.%I, ''{}''::jsonb, %s, ''{}''::jsonb FROM old_rows AS o',
            key[1], key[2], doc.old)
        ELSE format(
            'SELECT coalesce(n.%1$I, o.%1$I), coalesce(n.%2$I, o.%2$I), %3$s, %4$s, %5$s
                FROM old_rows AS o FULL JOIN new_rows AS n ON %6$s',
            key[1], key[2],
            CASE WHEN key[3] IS NULL THEN '''{}''::jsonb'
                ELSE format('jsonb_build_object(%1$L, coalesce(n.%1$I, o.%1$I))', key[3]) END,
            doc.old, doc.new,
            (SELECT string_agg(format('o.%1$I = n.%1$I', k), ' AND ') FROM unnest(key) AS k))
        END
    FROM doc
$$;

COMMENT ON FUNCTION dsvault_private.record_changes(text, text, text[], jsonb[], jsonb[]) IS
    'Writes an audit entry for each row that an operation made, removed or really changed; rows '
    'are given as they were and as they are.';
COMMENT ON FUNCTION dsvault_private.changes_query(oid, text, text[], text[]) IS
    'Text of a query on the transition tables of a relation: tenant, resource, rest of the key, '
    'and what of each row was and is.';

REVOKE ALL ON FUNCTION
    dsvault_private.record_changes(text, text, text[], jsonb[], jsonb[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.changes_query(oid, text, text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    dsvault_private.record_changes(text, text, text[], jsonb[], jsonb[]) TO dsvault_recorder;
GRANT EXECUTE ON FUNCTION
    dsvault_private.changes_query(oid, text, text[], text[]) TO dsvault_recorder;

COMMIT;
