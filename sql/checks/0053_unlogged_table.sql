-- Finds tables and sequences that are not written to the log.
--
-- Level: error
-- Why:   after a crash an unlogged table is empty, and standbys never have its rows.
SELECT 'C0053' AS code,
    'error' AS level,
    o.object,
    'is empty after a crash, and on every standby' AS detail,
    pg_catalog.format('ALTER %s %s SET LOGGED;', CASE c.relkind WHEN 'S' THEN 'SEQUENCE'
        ELSE 'TABLE' END, o.object) AS remedy,
    'C0053 ' || o.object AS key
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
WHERE c.relpersistence = 'u'
    AND c.relkind IN ('r', 'p', 'S')
    AND n.nspname !~ '^(pg_|information_schema$)'
ORDER BY o.object
