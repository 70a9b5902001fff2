-- Finds permissive policies that are for PUBLIC.
--
-- Level: warning
-- Why:   a policy for everybody also serves the roles that are made later; name whom it is for.
SELECT 'C0005' AS code,
    'warning' AS level,
    o.object,
    'a permissive policy for PUBLIC, so for every role there will ever be' AS detail,
    pg_catalog.format('ALTER POLICY %I ON %I.%I TO dsvault_app;', p.polname, n.nspname, c.relname)
        AS remedy,
    'C0005 ' || o.object AS key
FROM pg_catalog.pg_policy AS p
    JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I on %I.%I', p.polname, n.nspname, c.relname)) AS o (object)
WHERE p.polpermissive
    AND p.polroles = '{0}'::pg_catalog.oid[]
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS e
        WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid
            AND e.deptype = 'e')
ORDER BY o.object
