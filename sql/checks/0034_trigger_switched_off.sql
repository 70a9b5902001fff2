-- Finds triggers that do not fire, those of foreign keys included.
--
-- Level: error
-- Why:   a rule that a trigger keeps is no rule while the trigger is off. Whoever switched all
--        triggers off switched foreign keys off too.
SELECT 'C0034' AS code,
    'error' AS level,
    o.object,
    CASE WHEN t.tgisinternal THEN 'a foreign key is not kept: ' || coalesce(k.conname, '?')
        WHEN t.tgenabled = 'R' THEN 'fires only in replication' ELSE 'is switched off' END
        AS detail,
    pg_catalog.format('ALTER TABLE %I.%I ENABLE TRIGGER %s;', n.nspname, c.relname,
        CASE WHEN t.tgisinternal THEN 'ALL' ELSE pg_catalog.quote_ident(t.tgname) END) AS remedy,
    'C0034 ' || o.object AS key
FROM pg_catalog.pg_trigger AS t
    JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_constraint AS k ON k.oid = t.tgconstraint
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I on %I.%I', t.tgname, n.nspname, c.relname)) AS o (object)
WHERE t.tgenabled IN ('D', 'R')
    AND n.nspname !~ '^(pg_|information_schema$)'
ORDER BY o.object
