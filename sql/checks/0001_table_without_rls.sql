-- Finds tables and partitions with tenants' rows that have no row-level security.
--
-- Level: error
-- Why:   a grant on such a table, or on such a partition by its own name, shows all tenants' rows.
SELECT 'C0001' AS code,
    'error' AS level,
    o.object,
    'row-level security is off, so a grant opens the rows of all tenants' AS detail,
    pg_catalog.format('ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY; '
        'ALTER TABLE %1$s FORCE ROW LEVEL SECURITY;', o.object) AS remedy,
    'C0001 ' || o.object AS key
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
WHERE c.relkind IN ('r', 'p')
    AND c.relpersistence <> 't'
    AND NOT c.relrowsecurity
    AND n.nspname !~ '^(pg_|information_schema$)'
    AND (n.nspname = 'dsvault' OR EXISTS (
        SELECT FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped))
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS e
        WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid
            AND e.deptype = 'e')
ORDER BY o.object
