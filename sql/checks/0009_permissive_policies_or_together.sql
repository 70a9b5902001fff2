-- Finds tenants' tables on which one permissive policy is for all commands beside others for one.
--
-- Level: error
-- Why:   permissive policies are joined by OR, so a policy FOR ALL makes the narrower ones for the
--        same role worthless.
SELECT 'C0009' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('%I FOR ALL is joined by OR with %s', p.polname, x.others) AS detail,
    pg_catalog.format('DROP POLICY %I ON %s; -- or make it AS RESTRICTIVE', p.polname, o.object)
        AS remedy,
    pg_catalog.format('C0009 %s %I', o.object, p.polname) AS key
FROM pg_catalog.pg_policy AS p
    JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.string_agg(q.polname::text, ', ' ORDER BY q.polname)
        FROM pg_catalog.pg_policy AS q
        WHERE q.polrelid = p.polrelid AND q.oid <> p.oid AND q.polpermissive AND q.polcmd <> '*'
            AND (q.polroles && p.polroles OR '{0}'::pg_catalog.oid[] IN (p.polroles, q.polroles))
    ) AS x (others)
WHERE p.polpermissive
    AND p.polcmd = '*'
    AND x.others IS NOT NULL
ORDER BY o.object, p.polname
