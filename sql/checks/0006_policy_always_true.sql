-- Finds permissive policies that let through whatever there is.
--
-- Level: error
-- Why:   `USING (true)` shows the policy's roles the rows of all tenants, `WITH CHECK (true)` lets
--        them write rows for any. Policies for operators and definer functions are left out.
SELECT 'C0006' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('lets every row through for %s', r.roles) AS detail,
    pg_catalog.format('DROP POLICY %I ON %I.%I;', p.polname, n.nspname, c.relname) AS remedy,
    'C0006 ' || o.object AS key
FROM pg_catalog.pg_policy AS p
    JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I on %I.%I', p.polname, n.nspname, c.relname)) AS o (object)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.string_agg(
            CASE u.id WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(u.id)::text END, ', ')
        FROM pg_catalog.unnest(p.polroles) AS u (id)
        WHERE u.id = 0 OR pg_catalog.pg_get_userbyid(u.id)
            NOT IN ('dsvault_operator', 'dsvault_definer', 'dsvault_recorder', 'dsvault_finder',
                'dsvault_owner')
    ) AS r (roles)
WHERE p.polpermissive
    AND r.roles IS NOT NULL
    AND 'true' IN (pg_catalog.pg_get_expr(p.polqual, p.polrelid),
        pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))
ORDER BY o.object
