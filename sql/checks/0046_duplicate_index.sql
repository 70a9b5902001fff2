-- Finds indexes that are the same as another one of their table.
--
-- Level: warning
-- Why:   each costs every write and memory; one of them is enough. The one to keep is the one that
--        a constraint uses, else the older.
SELECT 'C0046' AS code,
    'warning' AS level,
    o.object,
    pg_catalog.format('the same as %I', y.relname) AS detail,
    pg_catalog.format('DROP INDEX %I.%I;', n.nspname, x.relname) AS remedy,
    'C0046 ' || o.object AS key
FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_index AS j ON j.indrelid = i.indrelid AND j.indexrelid <> i.indexrelid
        AND j.indkey::text = i.indkey::text AND j.indclass::text = i.indclass::text
        AND j.indoption::text = i.indoption::text AND j.indcollation::text = i.indcollation::text
        AND j.indnkeyatts = i.indnkeyatts
        AND pg_catalog.pg_get_expr(j.indexprs, j.indrelid)
            IS NOT DISTINCT FROM pg_catalog.pg_get_expr(i.indexprs, i.indrelid)
        AND pg_catalog.pg_get_expr(j.indpred, j.indrelid)
            IS NOT DISTINCT FROM pg_catalog.pg_get_expr(i.indpred, i.indrelid)
    JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
    JOIN pg_catalog.pg_class AS y ON y.oid = j.indexrelid AND y.relam = x.relam
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I on %I.%I', x.relname, n.nspname, c.relname)) AS o (object)
WHERE NOT x.relispartition
    AND n.nspname !~ '^(pg_|information_schema$)'
    -- A plain index is served by a unique one, not the other way round.
    AND i.indisunique <= j.indisunique
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint AS k WHERE k.conindid = i.indexrelid)
    AND (i.indisunique < j.indisunique
        OR EXISTS (SELECT FROM pg_catalog.pg_constraint AS k WHERE k.conindid = j.indexrelid)
        OR j.indexrelid < i.indexrelid)
ORDER BY o.object
