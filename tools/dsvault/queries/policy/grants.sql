-- Every privilege on a relation of the vault's schemas, or on a column, that its owner did not keep.
SELECT c.relname AS relation,
    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(a.grantee)::text END
        AS grantee,
    a.privilege_type AS privilege,
    NULL AS column_name,
    a.is_grantable AS grantable
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) AS a
WHERE n.nspname IN ('dsvault', 'dsvault_private', 'dsvault_facts')
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND a.grantee <> c.relowner
UNION ALL
SELECT c.relname,
    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(a.grantee)::text END,
    a.privilege_type,
    t.attname,
    a.is_grantable
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute AS t ON t.attrelid = c.oid AND NOT t.attisdropped
    CROSS JOIN LATERAL pg_catalog.aclexplode(t.attacl) AS a
WHERE n.nspname IN ('dsvault', 'dsvault_private', 'dsvault_facts')
    AND a.grantee <> c.relowner
ORDER BY 1, 2, 3, 4 NULLS FIRST
