-- Finds schemas in which everybody may create objects.
--
-- Level: error
-- Why:   what anybody creates there is found by every session that has the schema in its
--        search_path.
SELECT 'C0018' AS code,
    'error' AS level,
    o.object,
    'everybody may create objects in it' AS detail,
    pg_catalog.format('REVOKE CREATE ON SCHEMA %s FROM PUBLIC;', o.object) AS remedy,
    'C0018 ' || o.object AS key
FROM pg_catalog.pg_namespace AS n
    CROSS JOIN LATERAL (SELECT pg_catalog.quote_ident(n.nspname)) AS o (object)
WHERE n.nspname !~ '^(pg_|information_schema$)'
    AND EXISTS (
        SELECT FROM pg_catalog.aclexplode(
            coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) AS a
        WHERE a.grantee = 0 AND a.privilege_type = 'CREATE')
ORDER BY o.object
