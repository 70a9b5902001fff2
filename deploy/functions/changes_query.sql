-- Deploy dsvault:functions/changes_query to pg
-- requires: functions/audit_changes
--
-- Why:    a statement that changes many rows is recorded at a fair price: columns are compared as
--         what they are, not as JSON.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

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

-- The second gives a number, tenant, resource, rest of the key, and what each row was and is.
-- Numbering puts rows aside, hence here, where they are still what the table has.
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
            format(s.shown, 'o', a.attname), format(s.shown, 'n', a.attname)
        FROM pg_attribute AS a
            CROSS JOIN LATERAL (SELECT CASE WHEN a.attname = ANY (redacted)
                THEN 'dsvault_private.redaction(%2$L, %1$s.%2$I::text)'
                ELSE '%1$s.%2$I' END) AS s (shown)
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
        WHEN 'INSERT' THEN format('SELECT row_number() OVER (), n.%I, n.%I, ''{}''::jsonb,
            ''{}''::jsonb, jsonb_build_object(%s) FROM new_rows AS n', key[1], key[2], doc.new)
        WHEN 'DELETE' THEN format('SELECT row_number() OVER (), o.%I, o.%I, ''{}''::jsonb,
            jsonb_build_object(%s), ''{}''::jsonb FROM old_rows AS o', key[1], key[2], doc.old)
        ELSE format('SELECT row_number() OVER (), coalesce(n.%1$I, o.%1$I),
            coalesce(n.%2$I, o.%2$I), %3$s, %4$s, %5$s
            FROM old_rows AS o FULL JOIN new_rows AS n ON %6$s', key[1], key[2],
            CASE WHEN key[3] IS NULL THEN '''{}''::jsonb'
                ELSE format('jsonb_build_object(%1$L, coalesce(n.%1$I, o.%1$I))', key[3]) END,
            doc.old_changed, doc.new_changed,
            (SELECT string_agg(format('o.%1$I = n.%1$I', k), ' AND ') FROM unnest(key) AS k))
        END
    FROM doc
$$;

COMMENT ON FUNCTION dsvault_private.changed_columns_query(oid, text[]) IS
    'Text of a query on the transition tables of a relation: the columns that an UPDATE changed.';
COMMENT ON FUNCTION dsvault_private.changes_query(oid, text, text[], text[], text[]) IS
    'Text of a query on the transition tables of a relation: number, tenant, resource, rest of the '
    'key, and what of each row was and is.';

REVOKE ALL ON FUNCTION dsvault_private.changed_columns_query(oid, text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION
    dsvault_private.changes_query(oid, text, text[], text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault_private.changed_columns_query(oid, text[]) TO dsvault_recorder;
GRANT EXECUTE ON FUNCTION
    dsvault_private.changes_query(oid, text, text[], text[], text[]) TO dsvault_recorder;

COMMIT;
