-- Finds privileges on the vault's tables that row-level security does not limit.
--
-- Level: error
-- Why:   TRUNCATE removes all tenants' rows, REFERENCES tells which keys exist, TRIGGER runs code
--        as whoever writes, MAINTAIN locks and rewrites.
SELECT 'C0021' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('%s may %s', g.grantee, pg_catalog.string_agg(a.privilege_type, ', '
        ORDER BY a.privilege_type)) AS detail,
    pg_catalog.format('REVOKE %s ON %s FROM %s;', pg_catalog.string_agg(a.privilege_type, ', '
        ORDER BY a.privilege_type), o.object, g.grantee) AS remedy,
    pg_catalog.format('C0021 %s %s', o.object, g.grantee) AS key
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
    CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) AS a
    CROSS JOIN LATERAL (
        SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC'
            ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END
    ) AS g (grantee)
WHERE c.relkind IN ('r', 'p')
    AND c.relrowsecurity
    AND a.grantee <> c.relowner
    AND a.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')
GROUP BY o.object, g.grantee
ORDER BY o.object, g.grantee
