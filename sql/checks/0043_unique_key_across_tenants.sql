-- Finds unique keys of tenants' tables that do not contain tenant_id.
--
-- Level: error
-- Why:   a refused insert tells which values other tenants hold.
SELECT 'C0043' AS code,
    'error' AS level,
    o.object,
    pg_catalog.pg_get_indexdef(i.indexrelid) AS detail,
    pg_catalog.format('DROP INDEX %I.%I; -- then make it again with tenant_id first', n.nspname,
        x.relname) AS remedy,
    'C0043 ' || o.object AS key
FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute AS t ON t.attrelid = c.oid AND t.attname = 'tenant_id'
        AND NOT t.attisdropped
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I on %I.%I', x.relname, n.nspname, c.relname)) AS o (object)
WHERE i.indisunique
    AND NOT c.relispartition
    AND n.nspname !~ '^(pg_|information_schema$)'
    AND NOT t.attnum = ANY (i.indkey::pg_catalog.int2[])
ORDER BY o.object
