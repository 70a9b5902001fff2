-- Finds tables, views and functions of the vault without a comment.
--
-- Level: warning
-- Why:   a schema is a product only if every object says what it is for.
SELECT 'C0054' AS code,
    'warning' AS level,
    o.object,
    'no comment' AS detail,
    pg_catalog.format('COMMENT ON %s %s IS ''…'';', x.kind, o.object) AS remedy,
    'C0054 ' || o.object AS key
FROM (
    SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END,
        c.relnamespace, pg_catalog.quote_ident(c.relname),
        pg_catalog.obj_description(c.oid, 'pg_class')
    FROM pg_catalog.pg_class AS c
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    UNION ALL
    SELECT 'ROUTINE', p.pronamespace, pg_catalog.format('%I(%s)', p.proname,
        pg_catalog.pg_get_function_identity_arguments(p.oid)),
        pg_catalog.obj_description(p.oid, 'pg_proc')
    FROM pg_catalog.pg_proc AS p
) AS x (kind, schema, name, comment)
    JOIN pg_catalog.pg_namespace AS n ON n.oid = x.schema
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%s', n.nspname, x.name)) AS o (object)
WHERE n.nspname IN ('dsvault', 'dsvault_private', 'dsvault_facts')
    AND x.comment IS NULL
ORDER BY o.object
