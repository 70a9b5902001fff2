-- Finds indexes that no query used since the counters began, those of partitions added up.
--
-- Level: info
-- Settings: unused_index_days = 30, unused_index_bytes = 1048576
-- Why:   an index that nobody reads still costs every write. Unique indexes keep a promise and are
--        left out; so are databases whose counters are younger than unused_index_days. Standby
--        servers count for themselves.
SELECT 'C0048' AS code,
    'info' AS level,
    o.object,
    pg_catalog.format('never used since %s, %s',
        coalesce(pg_catalog.max(d.stats_reset)::pg_catalog.date::text, 'the counters began'),
        pg_catalog.pg_size_pretty(pg_catalog.sum(pg_catalog.pg_relation_size(i.indexrelid))))
        AS detail,
    pg_catalog.format('DROP INDEX %s;', o.object) AS remedy,
    'C0048 ' || o.object AS key
FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_stat_all_indexes AS s ON s.indexrelid = i.indexrelid
    JOIN pg_catalog.pg_class AS r
        ON r.oid = coalesce(pg_catalog.pg_partition_root(i.indexrelid), i.indexrelid)
    JOIN pg_catalog.pg_namespace AS n ON n.oid = r.relnamespace
    JOIN pg_catalog.pg_stat_database AS d ON d.datname = pg_catalog.current_database()
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, r.relname)) AS o (object)
WHERE NOT i.indisunique
    AND n.nspname !~ '^(pg_|information_schema$)'
    AND coalesce(d.stats_reset, '-infinity') < pg_catalog.now() - pg_catalog.make_interval(
        days => coalesce(nullif(pg_catalog.current_setting('doctor.unused_index_days', true), ''),
            '30')::integer)
GROUP BY o.object
HAVING pg_catalog.sum(s.idx_scan) = 0
    AND pg_catalog.sum(pg_catalog.pg_relation_size(i.indexrelid)) >= coalesce(nullif(
        pg_catalog.current_setting('doctor.unused_index_bytes', true), ''), '1048576')::bigint
ORDER BY o.object
