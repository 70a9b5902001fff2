-- Finds tables with rows that nobody ever analyzed, partitioned parents included.
--
-- Level: info
-- Settings: analyze_bytes = 1048576
-- Why:   the planner guesses. Autovacuum never analyzes partitioned parents: schedule it.
SELECT 'C0059' AS code,
    'info' AS level,
    o.object,
    pg_catalog.format('%s and no statistics', pg_catalog.pg_size_pretty(s.bytes)) AS detail,
    pg_catalog.format('ANALYZE %s;', o.object) AS remedy,
    'C0059 ' || o.object AS key
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.pg_relation_size(c.oid) + coalesce((
            SELECT pg_catalog.sum(pg_catalog.pg_relation_size(t.relid))
            FROM pg_catalog.pg_partition_tree(c.oid) AS t WHERE t.isleaf AND c.relkind = 'p'), 0)
    ) AS s (bytes)
WHERE c.relkind IN ('r', 'p')
    AND c.reltuples = -1
    AND n.nspname !~ '^(pg_|information_schema$)'
    AND coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace'), '') !~ '^Sqitch '
    AND s.bytes > coalesce(nullif(
        pg_catalog.current_setting('doctor.analyze_bytes', true), ''), '1048576')::bigint
ORDER BY o.object
