-- Finds tenants' tables whose primary key does not begin with tenant_id, or whose tenant_id may be
-- NULL.
--
-- Level: warning
-- Why:   below row-level security every query asks for one tenant; a key that begins with another
--        column cannot serve it, and a row of no tenant is seen by nobody.
SELECT 'C0044' AS code,
    'warning' AS level,
    o.object,
    w.why AS detail,
    CASE WHEN t.attnotnull
        THEN pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I; '
            '-- then ADD PRIMARY KEY (tenant_id, …)', o.object, k.conname)
        ELSE pg_catalog.format('ALTER TABLE %s ALTER COLUMN tenant_id SET NOT NULL;', o.object)
        END AS remedy,
    'C0044 ' || o.object AS key
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute AS t ON t.attrelid = c.oid AND t.attname = 'tenant_id'
        AND NOT t.attisdropped
    LEFT JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'p'
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.concat_ws('; ',
            CASE WHEN NOT t.attnotnull THEN 'tenant_id may be NULL' END,
            CASE WHEN k.conkey[1] <> t.attnum
                THEN 'the key is ' || pg_catalog.pg_get_constraintdef(k.oid) END)
    ) AS w (why)
WHERE c.relkind IN ('r', 'p')
    AND NOT c.relispartition
    AND n.nspname !~ '^(pg_|information_schema$)'
    AND w.why <> ''
ORDER BY o.object
