-- Finds SECURITY DEFINER functions that everybody may call.
--
-- Level: error
-- Why:   PostgreSQL gives EXECUTE to PUBLIC unless it is revoked. Trigger functions cannot be
--        called and are left out.
SELECT 'C0015' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('everybody may act as %s through it',
        pg_catalog.pg_get_userbyid(p.proowner)) AS detail,
    pg_catalog.format('REVOKE ALL ON ROUTINE %s FROM PUBLIC;', o.object) AS remedy,
    'C0015 ' || o.object AS key
FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
            pg_catalog.pg_get_function_identity_arguments(p.oid))
    ) AS o (object)
WHERE p.prosecdef
    AND p.prorettype NOT IN ('pg_catalog.trigger'::pg_catalog.regtype,
        'pg_catalog.event_trigger'::pg_catalog.regtype)
    AND n.nspname !~ '^(pg_|information_schema$)'
    AND EXISTS (
        SELECT FROM pg_catalog.aclexplode(
            coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS a
        WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS e
        WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND e.objid = p.oid
            AND e.deptype = 'e')
ORDER BY o.object
