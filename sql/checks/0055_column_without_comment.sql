-- Finds columns of the vault's tables and views without a comment.
--
-- Level: warning
-- Why:   unit, range and the meaning of NULL stand nowhere else. Partitions repeat their parent and
--        are left out.
SELECT 'C0055' AS code,
    'warning' AS level,
    o.object,
    'no comment' AS detail,
    pg_catalog.format('COMMENT ON COLUMN %s IS ''…'';', o.object) AS remedy,
    'C0055 ' || o.object AS key
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
        AND NOT a.attisdropped
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I.%I.%I', n.nspname, c.relname, a.attname)) AS o (object)
WHERE n.nspname IN ('dsvault', 'dsvault_private', 'dsvault_facts')
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND NOT c.relispartition
    AND pg_catalog.col_description(c.oid, a.attnum) IS NULL
ORDER BY o.object
