-- Finds tables, views and sequences that everybody was granted something on.
--
-- Level: error
-- Why:   PUBLIC is every role of the server, today's and tomorrow's.
SELECT 'C0020' AS code,
    'error' AS level,
    o.object,
    'everybody holds ' || pg_catalog.string_agg(DISTINCT a.privilege_type, ', ') AS detail,
    pg_catalog.format('REVOKE ALL ON %s%s FROM PUBLIC;',
        CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' END, o.object) AS remedy,
    'C0020 ' || o.object AS key
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
    CROSS JOIN LATERAL (
        SELECT x.grantee, x.privilege_type FROM pg_catalog.aclexplode(c.relacl) AS x
        UNION
        SELECT x.grantee, pg_catalog.format('%s (%I)', x.privilege_type, t.attname)
        FROM pg_catalog.pg_attribute AS t CROSS JOIN LATERAL pg_catalog.aclexplode(t.attacl) AS x
        WHERE t.attrelid = c.oid AND NOT t.attisdropped
    ) AS a
WHERE a.grantee = 0
    AND n.nspname !~ '^(pg_|information_schema$)'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS e
        WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid
            AND e.deptype = 'e')
GROUP BY o.object, c.relkind
ORDER BY o.object
