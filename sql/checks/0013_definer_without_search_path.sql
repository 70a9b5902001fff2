-- Finds SECURITY DEFINER functions that look names up along their caller's search_path.
--
-- Level: error
-- Why:   the caller decides what a name means, with the rights of the function's owner.
SELECT 'C0013' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('runs as %s with the search_path of whoever calls it',
        pg_catalog.pg_get_userbyid(p.proowner)) AS detail,
    pg_catalog.format('ALTER ROUTINE %s SET search_path = pg_catalog, pg_temp;', o.object)
        AS remedy,
    'C0013 ' || o.object AS key
FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
            pg_catalog.pg_get_function_identity_arguments(p.oid))
    ) AS o (object)
WHERE p.prosecdef
    AND n.nspname !~ '^(pg_|information_schema$)'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.unnest(p.proconfig) AS s (setting)
        WHERE s.setting LIKE 'search_path=%')
    -- The names of a BEGIN ATOMIC body were looked up when it was created.
    AND p.prosqlbody IS NULL
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS e
        WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND e.objid = p.oid
            AND e.deptype = 'e')
ORDER BY o.object
