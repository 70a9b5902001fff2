-- Finds foreign keys whose columns no index begins with, partitioned parents included.
--
-- Level: warning
-- Why:   deleting or changing a referred row scans the whole referring table, under a lock. An
--        index counts if its first columns are those of the key, in any order; a partial one only
--        if it leaves out nothing but NULL.
SELECT 'C0041' AS code,
    'warning' AS level,
    o.object,
    pg_catalog.format('no index begins with (%s)', k.columns) AS detail,
    pg_catalog.format('CREATE INDEX%s ON %I.%I (%s);',
        CASE c.relkind WHEN 'r' THEN ' CONCURRENTLY' END, n.nspname, c.relname, k.columns)
        AS remedy,
    'C0041 ' || o.object AS key
FROM pg_catalog.pg_constraint AS f
    JOIN pg_catalog.pg_class AS c ON c.oid = f.conrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I on %I.%I', f.conname, n.nspname, c.relname)) AS o (object)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY u.place)
        FROM pg_catalog.unnest(f.conkey) WITH ORDINALITY AS u (attnum, place)
            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = u.attnum
    ) AS k (columns)
WHERE f.contype = 'f'
    AND f.conparentid = 0
    AND n.nspname !~ '^(pg_|information_schema$)'
    AND coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace'), '') !~ '^Sqitch '
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_index AS i
        WHERE i.indrelid = f.conrelid
            AND i.indisvalid
            AND (i.indkey::pg_catalog.int2[])[0:pg_catalog.cardinality(f.conkey) - 1] @> f.conkey
            AND i.indnkeyatts >= pg_catalog.cardinality(f.conkey)
            AND coalesce(pg_catalog.pg_get_expr(i.indpred, i.indrelid), '(x IS NOT NULL)')
                ~ '^\(+\w+ IS NOT NULL\)+$')
ORDER BY o.object
