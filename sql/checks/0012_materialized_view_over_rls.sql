-- Finds materialized views of tables with row-level security that somebody may read.
--
-- Level: error
-- Why:   it holds what its owner saw when it was refreshed, and cannot have policies of its own.
SELECT 'C0012' AS code,
    'error' AS level,
    o.object,
    'holds rows that policies guard in ' || pg_catalog.string_agg(DISTINCT pg_catalog.format(
        '%I.%I', tn.nspname, t.relname), ', ') AS detail,
    pg_catalog.format('REVOKE ALL ON %s FROM %s;', o.object, g.grantees) AS remedy,
    'C0012 ' || o.object AS key
FROM pg_catalog.pg_class AS v
    JOIN pg_catalog.pg_namespace AS n ON n.oid = v.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, v.relname)) AS o (object)
    JOIN pg_catalog.pg_rewrite AS r ON r.ev_class = v.oid
    JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
        AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.refobjid <> v.oid
    JOIN pg_catalog.pg_class AS t ON t.oid = d.refobjid AND t.relrowsecurity
    JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC'
            ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END, ', ')
        FROM pg_catalog.aclexplode(v.relacl) AS a
        WHERE a.grantee <> v.relowner
    ) AS g (grantees)
WHERE v.relkind = 'm'
    AND g.grantees IS NOT NULL
GROUP BY o.object, g.grantees
ORDER BY o.object
