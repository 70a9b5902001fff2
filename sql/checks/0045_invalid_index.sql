-- Finds indexes that are not valid or not ready, those of partitioned parents included.
--
-- Level: error
-- Why:   what CREATE INDEX CONCURRENTLY left when it failed costs every write and serves no query;
--        a unique one does not keep what it promises. A parent's is invalid while a partition lacks
--        its part.
SELECT 'C0045' AS code,
    'error' AS level,
    o.object,
    pg_catalog.concat_ws(', ', CASE WHEN NOT i.indisvalid THEN 'not valid' END,
        CASE WHEN NOT i.indisready THEN 'not ready' END,
        'on ' || i.indrelid::pg_catalog.regclass) AS detail,
    CASE c.relkind WHEN 'i' THEN pg_catalog.format('REINDEX INDEX CONCURRENTLY %s;', o.object)
        ELSE pg_catalog.format('ALTER INDEX %s ATTACH PARTITION …; '
            '-- the index of each partition', o.object) END AS remedy,
    'C0045 ' || o.object AS key
FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
WHERE NOT (i.indisvalid AND i.indisready)
    AND n.nspname !~ '^pg_toast_temp|^pg_temp'
ORDER BY o.object
