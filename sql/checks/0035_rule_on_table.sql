-- Finds rewrite rules on tables.
--
-- Level: warning
-- Why:   a rule changes what a statement does before policies and triggers see it, and runs as the
--        table's owner.
SELECT 'C0035' AS code,
    'warning' AS level,
    o.object,
    pg_catalog.regexp_replace(pg_catalog.pg_get_ruledef(r.oid), '\s+', ' ', 'g') AS detail,
    pg_catalog.format('DROP RULE %I ON %I.%I;', r.rulename, n.nspname, c.relname) AS remedy,
    'C0035 ' || o.object AS key
FROM pg_catalog.pg_rewrite AS r
    JOIN pg_catalog.pg_class AS c ON c.oid = r.ev_class
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I on %I.%I', r.rulename, n.nspname, c.relname)) AS o (object)
WHERE r.rulename <> '_RETURN'
    AND n.nspname !~ '^(pg_|information_schema$)'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS e
        WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid
            AND e.deptype = 'e')
ORDER BY o.object
