-- Finds tables partitioned by time whose last partition ends soon.
--
-- Level: error
-- Settings: partition_days = 31
-- Why:   what comes after the last partition is refused, or piles up in the default partition,
--        where it blocks the partition that was forgotten.
SELECT 'C0056' AS code,
    'error' AS level,
    o.object,
    coalesce('the last partition ends ' || pg_catalog.to_char(e.until, 'YYYY-MM-DD'),
        'there is no partition') AS detail,
    CASE o.object WHEN 'dsvault.audit_logs' THEN 'SELECT dsvault.ensure_audit_partitions(3);'
        ELSE pg_catalog.format('CREATE TABLE … PARTITION OF %s FOR VALUES FROM (%L) TO (…);',
            o.object, e.until) END AS remedy,
    'C0056 ' || o.object AS key
FROM pg_catalog.pg_partitioned_table AS p
    JOIN pg_catalog.pg_class AS c ON c.oid = p.partrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
        AND a.atttypid IN ('pg_catalog.timestamptz'::pg_catalog.regtype,
            'pg_catalog.timestamp'::pg_catalog.regtype, 'pg_catalog.date'::pg_catalog.regtype)
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.max(CASE b.bound WHEN 'MAXVALUE' THEN 'infinity'
            ELSE pg_catalog.btrim(b.bound, '''') END::pg_catalog.timestamptz)
        FROM pg_catalog.pg_inherits AS i
            JOIN pg_catalog.pg_class AS k ON k.oid = i.inhrelid
            CROSS JOIN LATERAL (
                SELECT pg_catalog.substring(pg_catalog.pg_get_expr(k.relpartbound, k.oid),
                    'TO \((''[^'']+''|MAXVALUE)')
            ) AS b (bound)
        WHERE i.inhparent = c.oid
    ) AS e (until)
WHERE p.partstrat = 'r'
    AND (e.until IS NULL OR e.until < pg_catalog.now() + pg_catalog.make_interval(
        days => coalesce(nullif(pg_catalog.current_setting('doctor.partition_days', true), ''),
            '31')::integer))
ORDER BY o.object
