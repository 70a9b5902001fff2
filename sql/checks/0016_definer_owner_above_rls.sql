-- Finds SECURITY DEFINER functions that belong to a role which row-level security does not bind.
--
-- Level: error
-- Why:   a superuser's function, or one of a role with BYPASSRLS, sees every tenant's rows.
SELECT 'C0016' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('belongs to %s, which row-level security does not bind', r.rolname)
        AS detail,
    pg_catalog.format('ALTER ROUTINE %s OWNER TO dsvault_definer;', o.object) AS remedy,
    'C0016 ' || o.object AS key
FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_roles AS r ON r.oid = p.proowner
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
            pg_catalog.pg_get_function_identity_arguments(p.oid))
    ) AS o (object)
WHERE p.prosecdef
    AND (r.rolsuper OR r.rolbypassrls)
    AND n.nspname !~ '^(pg_|information_schema$)'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS e
        WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND e.objid = p.oid
            AND e.deptype = 'e')
ORDER BY o.object
