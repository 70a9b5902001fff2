-- Finds tables that autovacuum was told to leave alone.
--
-- Level: warning
-- Why:   dead rows stay and the table grows until somebody remembers; only the run against
--        wraparound still comes, all at once.
SELECT 'C0060' AS code,
    'warning' AS level,
    o.object,
    'autovacuum_enabled = false' AS detail,
    pg_catalog.format('ALTER TABLE %s RESET (autovacuum_enabled);', o.object) AS remedy,
    'C0060 ' || o.object AS key
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
WHERE n.nspname !~ '^(pg_catalog|pg_toast|information_schema)$'
    AND EXISTS (
        SELECT FROM pg_catalog.pg_options_to_table(c.reloptions) AS s
        WHERE s.option_name = 'autovacuum_enabled' AND NOT s.option_value::boolean)
ORDER BY o.object
