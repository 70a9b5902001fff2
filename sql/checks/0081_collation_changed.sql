-- Finds a database whose text was sorted by another version of its collation.
--
-- Level: error
-- Why:   the operating system's rules changed below the indexes: rows are not found, unique keys
--        let doubles in.
SELECT 'C0081' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('made with version %s, the system has %s', d.datcollversion,
        coalesce(pg_catalog.pg_database_collation_actual_version(d.oid), 'none')) AS detail,
    pg_catalog.format('REINDEX DATABASE %1$s; ALTER DATABASE %1$s REFRESH COLLATION VERSION;',
        o.object) AS remedy,
    'C0081 ' || o.object AS key
FROM pg_catalog.pg_database AS d
    CROSS JOIN LATERAL (SELECT pg_catalog.quote_ident(d.datname)) AS o (object)
WHERE d.datname = pg_catalog.current_database()
    AND d.datcollversion IS NOT NULL
    AND d.datcollversion
        IS DISTINCT FROM pg_catalog.pg_database_collation_actual_version(d.oid)
