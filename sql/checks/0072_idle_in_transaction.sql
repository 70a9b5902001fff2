-- Finds sessions that are idle inside of a transaction for long.
--
-- Level: warning
-- Settings: idle_minutes = 15
-- Needs: pg_read_all_stats, to see the sessions of other roles
-- Why:   it holds its locks, and every row that died since stays.
SELECT 'C0072' AS code,
    CASE WHEN s.state IS NULL THEN 'unseen' ELSE 'warning' END AS level,
    o.object,
    CASE WHEN s.state IS NULL THEN 'what the session does is hidden from '
            || pg_catalog.quote_ident(CURRENT_USER)
        ELSE pg_catalog.format('idle in a transaction since %s, application %s',
            pg_catalog.date_trunc('second', s.state_change), s.application_name) END AS detail,
    CASE WHEN s.state IS NULL
        THEN pg_catalog.format('GRANT pg_read_all_stats TO %I;', CURRENT_USER)
        ELSE pg_catalog.format('SELECT pg_terminate_backend(%s);', s.pid) END AS remedy,
    'C0072 ' || o.object AS key
FROM pg_catalog.pg_stat_activity AS s
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('process %s of %I', s.pid, s.usename)) AS o (object)
WHERE s.datname = pg_catalog.current_database()
    AND coalesce(s.backend_type, 'client backend') = 'client backend'
    AND s.pid <> pg_catalog.pg_backend_pid()
    AND (s.state IS NULL OR (s.state LIKE 'idle in transaction%'
        AND s.state_change <= pg_catalog.clock_timestamp() - pg_catalog.make_interval(
            mins => coalesce(nullif(pg_catalog.current_setting('doctor.idle_minutes', true), ''),
                '15')::integer)))
ORDER BY o.object
