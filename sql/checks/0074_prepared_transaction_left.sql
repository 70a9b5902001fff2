-- Finds transactions that were prepared and neither committed nor rolled back.
--
-- Level: error
-- Settings: prepared_minutes = 15
-- Why:   it keeps its locks and all rows that died since, also after a restart of the server.
SELECT 'C0074' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('prepared %s by %s', pg_catalog.date_trunc('second', x.prepared), x.owner)
        AS detail,
    pg_catalog.format('ROLLBACK PREPARED %L; -- or COMMIT PREPARED', x.gid) AS remedy,
    'C0074 ' || o.object AS key
FROM pg_catalog.pg_prepared_xacts AS x
    CROSS JOIN LATERAL (SELECT x.gid) AS o (object)
WHERE x.database = pg_catalog.current_database()
    AND x.prepared <= pg_catalog.clock_timestamp() - pg_catalog.make_interval(
        mins => coalesce(nullif(pg_catalog.current_setting('doctor.prepared_minutes', true), ''),
            '15')::integer)
ORDER BY o.object
