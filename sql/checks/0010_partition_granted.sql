-- Finds partitions that somebody but their owner may use by their own name.
--
-- Level: error
-- Why:   policies are the parent's; a partition that is opened by its own name is read past them.
SELECT 'C0010' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('%s for %s', pg_catalog.string_agg(a.privilege_type, ', '
        ORDER BY a.privilege_type), g.grantee) AS detail,
    pg_catalog.format('REVOKE ALL ON %s FROM %s;', o.object, g.grantee) AS remedy,
    pg_catalog.format('C0010 %s %s', o.object, g.grantee) AS key
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
    CROSS JOIN LATERAL (
        SELECT x.grantee, x.privilege_type FROM pg_catalog.aclexplode(c.relacl) AS x
        UNION
        SELECT x.grantee, x.privilege_type || ' on a column'
        FROM pg_catalog.pg_attribute AS t CROSS JOIN LATERAL pg_catalog.aclexplode(t.attacl) AS x
        WHERE t.attrelid = c.oid AND NOT t.attisdropped
    ) AS a
    CROSS JOIN LATERAL (
        SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC'
            ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END
    ) AS g (grantee)
WHERE c.relispartition
    AND c.relkind IN ('r', 'p', 'f')
    AND a.grantee <> c.relowner
    AND EXISTS (
        SELECT FROM pg_catalog.pg_partition_ancestors(c.oid) AS u (id)
            JOIN pg_catalog.pg_class AS r ON r.oid = u.id
        WHERE r.relrowsecurity)
GROUP BY o.object, g.grantee
ORDER BY o.object, g.grantee
