-- Finds privileges on the vault's objects that their holders may hand on to others.
--
-- Level: warning
-- Why:   WITH GRANT OPTION lets a role open a table to roles that the owner never heard of.
SELECT 'C0022' AS code,
    'warning' AS level,
    o.object,
    pg_catalog.format('%s may hand on %s', g.grantee, pg_catalog.string_agg(
        DISTINCT x.privilege_type, ', ')) AS detail,
    pg_catalog.format('REVOKE GRANT OPTION FOR ALL ON %s %s FROM %s;', x.kind, o.object,
        pg_catalog.quote_ident(g.grantee)) AS remedy,
    pg_catalog.format('C0022 %s %s', o.object, g.grantee) AS key
FROM (
    SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, c.relnamespace,
        pg_catalog.quote_ident(c.relname), a.grantee, a.privilege_type
    FROM pg_catalog.pg_class AS c CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) AS a
    WHERE a.is_grantable AND a.grantee <> c.relowner
    UNION ALL
    SELECT 'ROUTINE', p.pronamespace, pg_catalog.format('%I(%s)', p.proname,
        pg_catalog.pg_get_function_identity_arguments(p.oid)), a.grantee, a.privilege_type
    FROM pg_catalog.pg_proc AS p CROSS JOIN LATERAL pg_catalog.aclexplode(p.proacl) AS a
    WHERE a.is_grantable AND a.grantee <> p.proowner
    UNION ALL
    SELECT 'SCHEMA', n.oid, NULL, a.grantee, a.privilege_type
    FROM pg_catalog.pg_namespace AS n CROSS JOIN LATERAL pg_catalog.aclexplode(n.nspacl) AS a
    WHERE a.is_grantable AND a.grantee <> n.nspowner
) AS x (kind, schema, name, grantee, privilege_type)
    JOIN pg_catalog.pg_namespace AS n ON n.oid = x.schema
    CROSS JOIN LATERAL (
        SELECT pg_catalog.concat_ws('.', pg_catalog.quote_ident(n.nspname), x.name)) AS o (object)
    CROSS JOIN LATERAL (SELECT pg_catalog.pg_get_userbyid(x.grantee)::text) AS g (grantee)
WHERE n.nspname IN ('dsvault', 'dsvault_private', 'dsvault_facts')
GROUP BY o.object, g.grantee, x.kind
ORDER BY o.object, g.grantee
