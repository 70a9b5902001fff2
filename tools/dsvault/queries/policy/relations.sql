-- Every relation of the vault's schemas that holds or shows rows.
SELECT n.nspname AS schema,
    c.relname AS name,
    c.relkind::text AS kind,
    p.relname AS parent,
    c.relrowsecurity AS row_security,
    c.relforcerowsecurity AS forced,
    coalesce('security_invoker=true' = ANY (c.reloptions)
        OR 'security_invoker=on' = ANY (c.reloptions), false) AS invoker,
    ARRAY(
        SELECT a.attname::text
        FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum) AS columns,
    ARRAY(
        SELECT a.attname::text
        FROM pg_catalog.pg_index AS i
            CROSS JOIN LATERAL pg_catalog.unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
            JOIN pg_catalog.pg_attribute AS a
                ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indrelid = c.oid AND i.indisprimary
        ORDER BY k.place) AS key
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = c.oid AND c.relispartition
    LEFT JOIN pg_catalog.pg_class AS p ON p.oid = h.inhparent
WHERE n.nspname IN ('dsvault', 'dsvault_private', 'dsvault_facts')
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY n.nspname, c.relname
