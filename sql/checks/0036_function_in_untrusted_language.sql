-- Finds functions in a language that can do what the server's own account can.
--
-- Level: warning
-- Why:   such code reads files and memory past every privilege. What extensions bring is left out.
SELECT 'C0036' AS code,
    'warning' AS level,
    o.object,
    'is written in ' || l.lanname AS detail,
    pg_catalog.format('DROP ROUTINE %s; -- or make it part of an extension', o.object) AS remedy,
    'C0036 ' || o.object AS key
FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang AND NOT l.lanpltrusted
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
            pg_catalog.pg_get_function_identity_arguments(p.oid))
    ) AS o (object)
WHERE n.nspname !~ '^(pg_|information_schema$)'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS e
        WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND e.objid = p.oid
            AND e.deptype = 'e')
ORDER BY o.object
