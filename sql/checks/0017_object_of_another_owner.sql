-- Finds objects in the vault's schemas that belong to none of its two owners.
--
-- Level: error
-- Why:   an owner may do everything with what it owns, and a login can be lost, dropped or stolen.
SELECT 'C0017' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('belongs to %s, not to dsvault_owner',
        pg_catalog.pg_get_userbyid(x.owner)) AS detail,
    pg_catalog.format('ALTER %s %s OWNER TO dsvault_owner;', x.kind, o.object) AS remedy,
    'C0017 ' || o.object AS key
FROM (
    SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
            WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
        c.relowner, c.relnamespace, pg_catalog.quote_ident(c.relname)
    FROM pg_catalog.pg_class AS c
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
    UNION ALL
    SELECT 'ROUTINE', p.proowner, p.pronamespace, pg_catalog.format('%I(%s)', p.proname,
        pg_catalog.pg_get_function_identity_arguments(p.oid))
    FROM pg_catalog.pg_proc AS p
    UNION ALL
    SELECT 'SCHEMA', n.nspowner, n.oid, NULL
    FROM pg_catalog.pg_namespace AS n
) AS x (kind, owner, schema, name)
    JOIN pg_catalog.pg_namespace AS n ON n.oid = x.schema
    CROSS JOIN LATERAL (
        SELECT pg_catalog.concat_ws('.', pg_catalog.quote_ident(n.nspname), x.name)) AS o (object)
WHERE n.nspname IN ('dsvault', 'dsvault_private', 'dsvault_facts')
    AND pg_catalog.pg_get_userbyid(x.owner)
        NOT IN ('dsvault_owner', 'dsvault_definer', 'dsvault_recorder', 'dsvault_finder')
ORDER BY o.object
