-- Finds SECURITY DEFINER functions whose own search_path leads through a place others can write to.
--
-- Level: error
-- Why:   whoever may create there, or in the temporary schema that comes first unless it is named
--        last, decides what a name means. An empty search_path has the same hole.
SELECT 'C0014' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('search_path = %s: %s', s.path, w.why) AS detail,
    pg_catalog.format('ALTER ROUTINE %s SET search_path = pg_catalog, pg_temp;', o.object)
        AS remedy,
    'C0014 ' || o.object AS key
FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
            pg_catalog.pg_get_function_identity_arguments(p.oid))
    ) AS o (object)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.substr(u.setting, pg_catalog.length('search_path=') + 1)
        FROM pg_catalog.unnest(p.proconfig) AS u (setting)
        WHERE u.setting LIKE 'search_path=%'
    ) AS s (path)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.concat_ws('; ',
            CASE WHEN s.path !~ '\mpg_temp"?\s*$' THEN 'pg_temp is not named last' END,
            CASE WHEN s.path ~ '\$user' THEN 'the caller''s own schema is in it' END,
            (SELECT 'others may create in ' || pg_catalog.string_agg(DISTINCT ns.nspname, ', ')
             FROM pg_catalog.regexp_split_to_table(s.path, '\s*,\s*') AS e (entry)
                 JOIN pg_catalog.pg_namespace AS ns
                     ON ns.nspname = pg_catalog.btrim(e.entry, '"')
                 CROSS JOIN LATERAL pg_catalog.aclexplode(coalesce(ns.nspacl,
                     pg_catalog.acldefault('n', ns.nspowner))) AS a
             WHERE a.privilege_type = 'CREATE'
                 AND a.grantee NOT IN (ns.nspowner, p.proowner)))
    ) AS w (why)
WHERE p.prosecdef
    AND w.why <> ''
    AND n.nspname !~ '^(pg_|information_schema$)'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS e
        WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND e.objid = p.oid
            AND e.deptype = 'e')
ORDER BY o.object
