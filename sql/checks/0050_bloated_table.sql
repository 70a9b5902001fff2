-- Finds tables that are several times as big as their rows need.
--
-- Level: info
-- Settings: bloat_factor = 3, bloat_bytes = 10485760
-- Needs: to see the tables' statistics: the owner without row-level security, or a superuser
-- Why:   dead rows were not removed in time: look for long transactions, slots and autovacuum
--        settings first. An estimate from statistics.
SELECT 'C0050' AS code,
    CASE WHEN h.is_hidden THEN 'unseen' ELSE 'info' END AS level,
    o.object,
    CASE WHEN h.is_hidden THEN 'the table''s statistics are hidden'
        ELSE pg_catalog.format('%s, about %s needed', pg_catalog.pg_size_pretty(e.bytes),
            pg_catalog.pg_size_pretty(e.needed)) END AS detail,
    pg_catalog.format('VACUUM (FULL, ANALYZE) %s; -- locks it; pg_repack does not', o.object)
        AS remedy,
    'C0050 ' || o.object AS key
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.sum(s.avg_width + 4), pg_catalog.count(*)
        FROM pg_catalog.pg_stats AS s
        WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND NOT s.inherited
    ) AS w (width, known)
    CROSS JOIN LATERAL (
        -- 24 bytes of row header, 4 of line pointer, some for alignment.
        SELECT pg_catalog.pg_relation_size(c.oid),
            (8192 + c.reltuples * (w.width + 32) * 8192 / 8168)::bigint
    ) AS e (bytes, needed)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.row_security_active(c.oid)
            OR NOT pg_catalog.has_any_column_privilege(c.oid, 'SELECT')
    ) AS h (is_hidden)
WHERE c.relkind IN ('r', 'm')
    AND n.nspname !~ '^(pg_|information_schema$)'
    AND (h.is_hidden OR w.known > 0)
    AND c.reltuples >= 0
    AND e.bytes >= coalesce(nullif(
        pg_catalog.current_setting('doctor.bloat_bytes', true), ''), '10485760')::bigint
    AND (h.is_hidden OR e.bytes > e.needed * coalesce(nullif(
        pg_catalog.current_setting('doctor.bloat_factor', true), ''), '3')::numeric)
ORDER BY o.object
