-- Finds default privileges that open later objects to everybody.
--
-- Level: warning
-- Why:   whatever the role creates from now on is open before anybody thought about it.
SELECT 'C0031' AS code,
    'warning' AS level,
    o.object,
    pg_catalog.format('later %s will be open to everybody: %s', k.kind,
        pg_catalog.string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type)) AS detail,
    pg_catalog.format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s REVOKE ALL ON %s FROM PUBLIC;',
        pg_catalog.pg_get_userbyid(d.defaclrole),
        ' IN SCHEMA ' || pg_catalog.quote_ident(n.nspname), pg_catalog.upper(k.kind)) AS remedy,
    pg_catalog.format('C0031 %s %s', o.object, k.kind) AS key
FROM pg_catalog.pg_default_acl AS d
    LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = d.defaclnamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.concat_ws(' in ', pg_catalog.quote_ident(
            pg_catalog.pg_get_userbyid(d.defaclrole)), pg_catalog.quote_ident(n.nspname))
    ) AS o (object)
    CROSS JOIN LATERAL (
        SELECT CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences'
            WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' ELSE 'schemas' END
    ) AS k (kind)
    CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) AS a
WHERE a.grantee = 0
GROUP BY o.object, k.kind, d.defaclrole, n.nspname
ORDER BY o.object, k.kind
