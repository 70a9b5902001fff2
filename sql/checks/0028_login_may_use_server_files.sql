-- Finds logins of the vault that may read or write the server's files or run programs there.
--
-- Level: error
-- Why:   the data directory holds every tenant's rows, and pg_hba.conf who is let in.
SELECT 'C0028' AS code,
    'error' AS level,
    o.object,
    'is in ' || pg_catalog.string_agg(DISTINCT p.rolname::text, ', ') AS detail,
    pg_catalog.format('REVOKE %s FROM %s;',
        pg_catalog.string_agg(DISTINCT p.rolname::text, ', '), o.object) AS remedy,
    'C0028 ' || o.object AS key
FROM pg_catalog.pg_roles AS l
    CROSS JOIN LATERAL (SELECT pg_catalog.quote_ident(l.rolname)) AS o (object)
    JOIN pg_catalog.pg_roles AS p ON p.rolname IN ('pg_read_server_files',
        'pg_write_server_files', 'pg_execute_server_program', 'pg_read_all_data',
        'pg_write_all_data')
WHERE NOT l.rolsuper
    AND pg_catalog.pg_has_role(l.oid, p.oid, 'MEMBER')
    AND EXISTS (
        SELECT FROM pg_catalog.pg_auth_members AS m
            JOIN pg_catalog.pg_roles AS g ON g.oid = m.roleid
        WHERE m.member = l.oid AND g.rolname ~ '^dsvault_(app|reader|auditor|operator)$')
GROUP BY o.object
ORDER BY o.object
