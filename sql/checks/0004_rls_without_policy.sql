-- Finds tables with row-level security, granted to somebody, that no permissive policy opens.
--
-- Level: warning
-- Why:   whoever was granted something sees no rows and gets no error. Partitions are left out:
--        they are closed on purpose and reached through their parent.
SELECT 'C0004' AS code,
    'warning' AS level,
    o.object,
    pg_catalog.format('granted to %s, but no permissive policy lets a row through', g.grantees)
        AS detail,
    pg_catalog.format('REVOKE ALL ON %s FROM %s; -- or CREATE POLICY … FOR what they need',
        o.object, g.grantees) AS remedy,
    'C0004 ' || o.object AS key
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC'
            ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END, ', ')
        FROM pg_catalog.aclexplode(c.relacl) AS a
        WHERE a.grantee <> c.relowner
    ) AS g (grantees)
WHERE c.relkind IN ('r', 'p')
    AND c.relrowsecurity
    AND NOT c.relispartition
    AND g.grantees IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_policy AS p WHERE p.polrelid = c.oid AND p.polpermissive)
ORDER BY o.object
