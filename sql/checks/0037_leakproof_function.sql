-- Finds functions that are called leakproof and did not come with the server or an extension.
--
-- Level: warning
-- Why:   a leakproof function is given rows before the policies have hidden them.
SELECT 'C0037' AS code,
    'warning' AS level,
    o.object,
    'is given rows that policies hide' AS detail,
    pg_catalog.format('ALTER ROUTINE %s NOT LEAKPROOF;', o.object) AS remedy,
    'C0037 ' || o.object AS key
FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
            pg_catalog.pg_get_function_identity_arguments(p.oid))
    ) AS o (object)
WHERE p.proleakproof
    AND n.nspname !~ '^(pg_|information_schema$)'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS e
        WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND e.objid = p.oid
            AND e.deptype = 'e')
ORDER BY o.object
