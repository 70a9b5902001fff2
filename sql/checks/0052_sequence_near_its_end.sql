-- Finds sequences, and the integer columns that they fill, that are running out of numbers.
--
-- Level: error
-- Settings: sequence_percent = 70
-- Needs: USAGE or SELECT on the sequences
-- Why:   at the end every insert fails, and widening a column rewrites its table under a lock. A
--        bigint sequence that fills an integer column ends where the column does.
SELECT 'C0052' AS code,
    CASE WHEN v.is_visible THEN 'error' ELSE 'unseen' END AS level,
    o.object,
    CASE WHEN v.is_visible THEN pg_catalog.format('%s %% used: at %s of %s%s',
            pg_catalog.round(100 * v.last_value / l.upper), v.last_value, l.upper,
            ' in column ' || f.name)
        ELSE 'no privilege on the sequence' END AS detail,
    CASE WHEN v.is_visible THEN pg_catalog.concat(
            'ALTER TABLE ' || f.relation || ' ALTER COLUMN '
                || pg_catalog.quote_ident(f.column_name) || ' TYPE bigint; ',
            pg_catalog.format('ALTER SEQUENCE %s AS bigint;', o.object))
        ELSE pg_catalog.format('GRANT SELECT ON SEQUENCE %s TO %I;', o.object, CURRENT_USER) END
        AS remedy,
    'C0052 ' || o.object AS key
FROM pg_catalog.pg_sequence AS s
    JOIN pg_catalog.pg_class AS c ON c.oid = s.seqrelid AND c.relpersistence <> 't'
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.has_sequence_privilege(c.oid, 'SELECT, USAGE'),
            CASE WHEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT, USAGE')
                THEN pg_catalog.pg_sequence_last_value(c.oid) END
    ) AS v (is_visible, last_value)
    LEFT JOIN LATERAL (
        SELECT pg_catalog.format('%I.%I.%I', tn.nspname, t.relname, a.attname),
            pg_catalog.format('%I.%I', tn.nspname, t.relname), a.attname,
            CASE a.atttypid WHEN 'pg_catalog.int2'::pg_catalog.regtype THEN 32767
                WHEN 'pg_catalog.int4'::pg_catalog.regtype THEN 2147483647 END
        FROM pg_catalog.pg_depend AS d
            JOIN pg_catalog.pg_class AS t ON t.oid = d.refobjid
            JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
            AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
        LIMIT 1
    ) AS f (name, relation, column_name, upper) ON true
    CROSS JOIN LATERAL (SELECT LEAST(s.seqmax, f.upper)::numeric) AS l (upper)
WHERE NOT s.seqcycle
    AND s.seqincrement > 0
    AND (NOT v.is_visible OR v.last_value >= l.upper * coalesce(nullif(
        pg_catalog.current_setting('doctor.sequence_percent', true), ''), '70')::numeric / 100)
ORDER BY o.object
