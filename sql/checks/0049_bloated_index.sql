-- Finds B-tree indexes that are several times as big as their entries need.
--
-- Level: info
-- Settings: bloat_factor = 3, bloat_bytes = 10485760
-- Needs: to see the tables' statistics: the owner without row-level security, or a superuser
-- Why:   the pages are read and kept in memory half empty. An estimate from statistics: run ANALYZE
--        first if the rows changed much.
SELECT 'C0049' AS code,
    CASE WHEN h.is_hidden THEN 'unseen' ELSE 'info' END AS level,
    o.object,
    CASE WHEN h.is_hidden THEN 'the table''s statistics are hidden'
        ELSE pg_catalog.format('%s, about %s needed', pg_catalog.pg_size_pretty(e.bytes),
            pg_catalog.pg_size_pretty(e.needed)) END AS detail,
    pg_catalog.format('REINDEX INDEX CONCURRENTLY %s;', o.object) AS remedy,
    'C0049 ' || o.object AS key
FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid AND x.relkind = 'i'
    JOIN pg_catalog.pg_am AS m ON m.oid = x.relam AND m.amname = 'btree'
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, x.relname)) AS o (object)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.sum(s.avg_width + 4), pg_catalog.count(s.attname)
        FROM pg_catalog.pg_attribute AS a
            JOIN pg_catalog.pg_stats AS s ON s.schemaname = n.nspname
                AND s.tablename = c.relname AND s.attname = a.attname AND NOT s.inherited
        WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey::pg_catalog.int2[])
    ) AS w (width, known)
    CROSS JOIN LATERAL (
        -- 8 bytes of tuple header, 4 of line pointer; a page is filled to nine tenths.
        SELECT pg_catalog.pg_relation_size(x.oid),
            (8192 + x.reltuples * (w.width + 12) / 0.9 * 8192 / 8152)::bigint
    ) AS e (bytes, needed)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.row_security_active(c.oid)
            OR NOT pg_catalog.has_any_column_privilege(c.oid, 'SELECT')
    ) AS h (is_hidden)
WHERE n.nspname !~ '^(pg_|information_schema$)'
    AND i.indexprs IS NULL
    AND (h.is_hidden OR w.known = i.indnatts)
    AND x.reltuples >= 0
    AND e.bytes >= coalesce(nullif(
        pg_catalog.current_setting('doctor.bloat_bytes', true), ''), '10485760')::bigint
    AND (h.is_hidden OR e.bytes > e.needed * coalesce(nullif(
        pg_catalog.current_setting('doctor.bloat_factor', true), ''), '3')::numeric)
ORDER BY o.object
