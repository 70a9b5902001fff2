-- Finds sessions at work in one transaction for long.
--
-- Level: info
-- Settings: transaction_minutes = 60
-- Needs: pg_read_all_stats, to see the sessions of other roles
-- Why:   no row that died since it began can be removed, anywhere in the database.
SELECT 'C0073' AS code,
    CASE WHEN s.state IS NULL THEN 'unseen' ELSE 'info' END AS level,
    o.object,
    CASE WHEN s.state IS NULL THEN 'what the session does is hidden from '
            || pg_catalog.quote_ident(CURRENT_USER)
        ELSE pg_catalog.format('in a transaction since %s, application %s',
            pg_catalog.date_trunc('second', s.xact_start), s.application_name) END AS detail,
    CASE WHEN s.state IS NULL
        THEN pg_catalog.format('GRANT pg_read_all_stats TO %I;', CURRENT_USER)
        ELSE pg_catalog.format('SELECT pg_cancel_backend(%s);', s.pid) END AS remedy,
    'C0073 ' || o.object AS key
FROM pg_catalog.pg_stat_activity AS s
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('process %s of %I', s.pid, s.usename)) AS o (object)
WHERE s.datname = pg_catalog.current_database()
    AND coalesce(s.backend_type, 'client backend') = 'client backend'
    AND s.pid <> pg_catalog.pg_backend_pid()
    AND (s.state IS NULL OR (s.state NOT LIKE 'idle in transaction%'
        AND s.xact_start <= pg_catalog.clock_timestamp() - pg_catalog.make_interval(
            mins => coalesce(nullif(
                pg_catalog.current_setting('doctor.transaction_minutes', true), ''),
                '60')::integer)))
ORDER BY o.object
