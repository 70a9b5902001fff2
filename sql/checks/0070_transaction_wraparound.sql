-- Finds databases whose oldest transaction number is far on its way to wraparound.
--
-- Level: error
-- Settings: wraparound_percent = 50
-- Why:   at the end the server takes no more transactions. Something keeps VACUUM from freezing: a
--        long or prepared transaction, a replication slot, a failing autovacuum.
SELECT 'C0070' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('%s %% of the way: %s transactions since %s',
        pg_catalog.round(pg_catalog.age(d.datfrozenxid) / 21474836.47, 1),
        pg_catalog.age(d.datfrozenxid), d.datfrozenxid) AS detail,
    '\connect ' || o.object || E'\nVACUUM (FREEZE, VERBOSE);' AS remedy,
    'C0070 ' || o.object AS key
FROM pg_catalog.pg_database AS d
    CROSS JOIN LATERAL (SELECT pg_catalog.quote_ident(d.datname)) AS o (object)
WHERE pg_catalog.age(d.datfrozenxid) >= 21474836.47 * coalesce(nullif(
        pg_catalog.current_setting('doctor.wraparound_percent', true), ''), '50')::numeric
ORDER BY o.object
