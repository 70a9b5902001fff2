-- Finds constraints that older rows were never held against, or that are not enforced at all.
--
-- Level: warning
-- Why:   NOT VALID is the first half of a change; until the second the rows may say anything.
SELECT 'C0051' AS code,
    'warning' AS level,
    o.object,
    pg_catalog.pg_get_constraintdef(k.oid) AS detail,
    CASE WHEN k.convalidated
        THEN pg_catalog.format('ALTER TABLE %I.%I ALTER CONSTRAINT %I ENFORCED;', n.nspname,
            c.relname, k.conname)
        ELSE pg_catalog.format('ALTER TABLE %I.%I VALIDATE CONSTRAINT %I;', n.nspname, c.relname,
            k.conname) END AS remedy,
    'C0051 ' || o.object AS key
FROM pg_catalog.pg_constraint AS k
    JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I on %I.%I', k.conname, n.nspname, c.relname)) AS o (object)
-- NOT ENFORCED came with PostgreSQL 18.
WHERE NOT (k.convalidated
        AND coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::boolean, true))
    AND k.conparentid = 0
    AND n.nspname !~ '^(pg_|information_schema$)'
ORDER BY o.object
