-- Finds tables without a primary key, partitioned parents included.
--
-- Level: warning
-- Why:   a row that cannot be named cannot be referred to, replicated or removed alone.
SELECT 'C0040' AS code,
    'warning' AS level,
    o.object,
    'no primary key' AS detail,
    pg_catalog.format('ALTER TABLE %s ADD PRIMARY KEY (…);', o.object) AS remedy,
    'C0040 ' || o.object AS key
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
WHERE c.relkind IN ('r', 'p')
    AND c.relpersistence <> 't'
    AND NOT c.relispartition
    AND n.nspname !~ '^(pg_|information_schema$)'
    AND coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace'), '') !~ '^Sqitch '
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype = 'p')
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS e
        WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid
            AND e.deptype = 'e')
ORDER BY o.object
