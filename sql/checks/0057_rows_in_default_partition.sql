-- Finds default partitions that are not empty.
--
-- Level: warning
-- Needs: counters: a file that has a size and no counted rows is told as not seen until a VACUUM
-- Why:   the rows are there because the partition that they belong to was missing; while they are,
--        it cannot be made.
SELECT 'C0057' AS code,
    CASE WHEN v.has_rows THEN 'warning' ELSE 'unseen' END AS level,
    o.object,
    CASE WHEN v.has_rows
        THEN pg_catalog.format('holds rows that belong to no other partition of %s', o.parent)
        ELSE 'is not empty on disk, and no live row was counted' END AS detail,
    CASE WHEN v.has_rows
        THEN pg_catalog.format('ALTER TABLE %s DETACH PARTITION %s; '
            '-- make what is missing, insert the rows into the parent, attach it again: …',
            o.parent, o.object)
        ELSE pg_catalog.format('VACUUM (ANALYZE) %s;', o.object) END AS remedy,
    'C0057 ' || o.object AS key
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = c.oid
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), i.inhparent::pg_catalog.regclass
    ) AS o (object, parent)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.pg_stat_get_live_tuples(c.oid) > 0 OR c.reltuples > 0
    ) AS v (has_rows)
WHERE c.relispartition
    AND c.relkind = 'r'
    AND pg_catalog.pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT'
    AND pg_catalog.pg_relation_size(c.oid) > 0
ORDER BY o.object
