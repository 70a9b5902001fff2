-- Every policy on a relation of the vault's schemas. Role 0 is PUBLIC.
SELECT c.relname AS relation,
    p.polname AS name,
    CASE p.polcmd
        WHEN 'r' THEN 'SELECT'
        WHEN 'a' THEN 'INSERT'
        WHEN 'w' THEN 'UPDATE'
        WHEN 'd' THEN 'DELETE'
        ELSE 'ALL'
    END AS command,
    p.polpermissive AS permissive,
    ARRAY(
        SELECT CASE r.id WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(r.id)::text END
        FROM pg_catalog.unnest(p.polroles) AS r (id)
        ORDER BY 1) AS roles,
    pg_catalog.pg_get_expr(p.polqual, p.polrelid) AS condition,
    pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) AS check_condition,
    pg_catalog.obj_description(p.oid, 'pg_policy') AS comment
FROM pg_catalog.pg_policy AS p
    JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN ('dsvault', 'dsvault_private', 'dsvault_facts')
ORDER BY c.relname, p.polname
