-- Finds tables with row-level security that a publication sends elsewhere.
--
-- Level: warning
-- Why:   logical replication sends every tenant's rows; policies are not asked.
SELECT 'C0038' AS code,
    'warning' AS level,
    o.object,
    'all its rows are sent by publication ' || pg_catalog.string_agg(p.pubname::text, ', '
        ORDER BY p.pubname) AS detail,
    pg_catalog.string_agg(pg_catalog.format(CASE
        WHEN r.oid IS NULL THEN 'ALTER PUBLICATION %I SET TABLE …; -- all but %s'
        ELSE 'ALTER PUBLICATION %I DROP TABLE %s;' END, p.pubname, o.object), E'\n'
        ORDER BY p.pubname) AS remedy,
    'C0038 ' || o.object AS key
FROM pg_catalog.pg_publication_tables AS p
    JOIN pg_catalog.pg_namespace AS n ON n.nspname = p.schemaname
    JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = p.tablename
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
    JOIN pg_catalog.pg_publication AS b ON b.pubname = p.pubname
    -- Without a row here the table is published with its schema, its parent or all tables.
    LEFT JOIN pg_catalog.pg_publication_rel AS r ON r.prpubid = b.oid AND r.prrelid = c.oid
WHERE c.relrowsecurity
GROUP BY o.object
ORDER BY o.object
