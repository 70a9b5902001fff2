-- Finds tables partitioned by hash that lack a partition for some remainders.
--
-- Level: error
-- Why:   a share of all inserts fails, and which rows is a matter of chance.
SELECT 'C0058' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('%s partitions take only %s %% of the rows', s.partitions,
        pg_catalog.round(100 * s.share)) AS detail,
    pg_catalog.format('CREATE TABLE … PARTITION OF %s '
        'FOR VALUES WITH (MODULUS %s, REMAINDER …); -- there are: %s', o.object, s.modulus,
        s.bounds) AS remedy,
    'C0058 ' || o.object AS key
FROM pg_catalog.pg_partitioned_table AS p
    JOIN pg_catalog.pg_class AS c ON c.oid = p.partrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.count(*), coalesce(pg_catalog.sum(1.0 / b.modulus), 0),
            coalesce(pg_catalog.max(b.modulus), 1),
            pg_catalog.string_agg(b.modulus || '/' || b.remainder, ', '
                ORDER BY b.modulus, b.remainder)
        FROM pg_catalog.pg_inherits AS i
            JOIN pg_catalog.pg_class AS k ON k.oid = i.inhrelid
            CROSS JOIN LATERAL (
                SELECT pg_catalog.substring(x.bound, 'modulus (\d+)')::integer,
                    pg_catalog.substring(x.bound, 'remainder (\d+)')::integer
                FROM (SELECT pg_catalog.pg_get_expr(k.relpartbound, k.oid)) AS x (bound)
            ) AS b (modulus, remainder)
        WHERE i.inhparent = c.oid
    ) AS s (partitions, share, modulus, bounds)
WHERE p.partstrat = 'h'
    AND s.share < 0.999
ORDER BY o.object
