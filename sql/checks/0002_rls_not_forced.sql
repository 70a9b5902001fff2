-- Finds tables and partitions whose row-level security does not bind their owner.
--
-- Level: error
-- Why:   a session that acts as the owner, by mistake or through a definer function, sees every
--        tenant's rows without a word.
SELECT 'C0002' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('row-level security does not bind the owner %s',
        pg_catalog.pg_get_userbyid(c.relowner)) AS detail,
    pg_catalog.format('ALTER TABLE %s FORCE ROW LEVEL SECURITY;', o.object) AS remedy,
    'C0002 ' || o.object AS key
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
WHERE c.relkind IN ('r', 'p')
    AND c.relrowsecurity
    AND NOT c.relforcerowsecurity
    AND n.nspname !~ '^(pg_|information_schema$)'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS e
        WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid
            AND e.deptype = 'e')
ORDER BY o.object
