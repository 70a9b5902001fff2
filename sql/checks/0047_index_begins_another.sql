-- Finds indexes that are the beginning of another index of their table.
--
-- Level: info
-- Why:   the longer index serves the same queries. Unique indexes, partial ones and those of an
--        expression are left out. A much smaller index may still be worth its writes.
SELECT 'C0047' AS code,
    'info' AS level,
    o.object,
    pg_catalog.format('is the beginning of %I', y.relname) AS detail,
    pg_catalog.format('DROP INDEX %I.%I;', n.nspname, x.relname) AS remedy,
    'C0047 ' || o.object AS key
FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
    JOIN pg_catalog.pg_am AS m ON m.oid = x.relam AND m.amname = 'btree'
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I on %I.%I', x.relname, n.nspname, c.relname)) AS o (object)
    CROSS JOIN LATERAL (
        SELECT z.relname
        FROM pg_catalog.pg_index AS j JOIN pg_catalog.pg_class AS z ON z.oid = j.indexrelid
        WHERE j.indrelid = i.indrelid AND z.relam = x.relam AND j.indisvalid
            AND j.indpred IS NULL AND j.indexprs IS NULL
            AND j.indnkeyatts > i.indnkeyatts
            AND j.indkey::text LIKE i.indkey::text || ' %'
            AND j.indclass::text LIKE i.indclass::text || ' %'
            AND j.indoption::text LIKE i.indoption::text || ' %'
            AND j.indcollation::text LIKE i.indcollation::text || ' %'
        ORDER BY j.indnkeyatts, z.relname LIMIT 1
    ) AS y (relname)
WHERE NOT i.indisunique
    AND i.indpred IS NULL
    AND i.indexprs IS NULL
    AND i.indnatts = i.indnkeyatts
    AND NOT x.relispartition
    AND n.nspname !~ '^(pg_|information_schema$)'
ORDER BY o.object
