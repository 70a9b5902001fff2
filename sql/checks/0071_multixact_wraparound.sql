-- Finds databases whose oldest multixact number is far on its way to wraparound.
--
-- Level: error
-- Settings: wraparound_percent = 50
-- Why:   at the end the server takes no more row locks of several sessions, those of foreign keys
--        included.
SELECT 'C0071' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('%s %% of the way: %s multixacts since %s',
        pg_catalog.round(pg_catalog.mxid_age(d.datminmxid) / 21474836.47, 1),
        pg_catalog.mxid_age(d.datminmxid), d.datminmxid) AS detail,
    '\connect ' || o.object || E'\nVACUUM (FREEZE, VERBOSE);' AS remedy,
    'C0071 ' || o.object AS key
FROM pg_catalog.pg_database AS d
    CROSS JOIN LATERAL (SELECT pg_catalog.quote_ident(d.datname)) AS o (object)
WHERE pg_catalog.mxid_age(d.datminmxid) >= 21474836.47 * coalesce(nullif(
        pg_catalog.current_setting('doctor.wraparound_percent', true), ''), '50')::numeric
ORDER BY o.object
