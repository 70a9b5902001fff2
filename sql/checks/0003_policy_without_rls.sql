-- Finds tables that have policies while their row-level security is off.
--
-- Level: error
-- Why:   the policies are written and do nothing; nobody who reads them will notice.
SELECT 'C0003' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('policies that do nothing: %s',
        pg_catalog.string_agg(p.polname::text, ', ' ORDER BY p.polname)) AS detail,
    pg_catalog.format('ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY; '
        'ALTER TABLE %1$s FORCE ROW LEVEL SECURITY;', o.object) AS remedy,
    'C0003 ' || o.object AS key
FROM pg_catalog.pg_policy AS p
    JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
WHERE NOT c.relrowsecurity
GROUP BY o.object
ORDER BY o.object
