-- Finds views over tables with row-level security that read them as the view's owner.
--
-- Level: error
-- Why:   without security_invoker the policies are asked about the owner, not about who is looking.
SELECT 'C0011' AS code,
    'error' AS level,
    o.object,
    'reads as its owner: ' || pg_catalog.string_agg(DISTINCT pg_catalog.format('%I.%I',
        tn.nspname, t.relname), ', ') AS detail,
    pg_catalog.format('ALTER VIEW %s SET (security_invoker = true);', o.object) AS remedy,
    'C0011 ' || o.object AS key
FROM pg_catalog.pg_class AS v
    JOIN pg_catalog.pg_namespace AS n ON n.oid = v.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, v.relname)) AS o (object)
    JOIN pg_catalog.pg_rewrite AS r ON r.ev_class = v.oid
    JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
        AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.refobjid <> v.oid
    JOIN pg_catalog.pg_class AS t ON t.oid = d.refobjid
    JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
WHERE v.relkind = 'v'
    AND (t.relrowsecurity OR n.nspname = 'dsvault')
    AND tn.nspname !~ '^(pg_|information_schema$)'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_options_to_table(v.reloptions) AS s
        WHERE s.option_name = 'security_invoker' AND s.option_value::boolean)
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS e
        WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = v.oid
            AND e.deptype = 'e')
GROUP BY o.object
ORDER BY o.object
