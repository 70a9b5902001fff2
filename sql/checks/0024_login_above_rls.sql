-- Finds logins of the vault that row-level security does not bind, and roles of the vault like it.
--
-- Level: error
-- Why:   a superuser, or a role with BYPASSRLS, sees every tenant's rows whatever the policies say.
SELECT 'C0024' AS code,
    'error' AS level,
    o.object,
    pg_catalog.concat_ws(' and ', CASE WHEN r.rolsuper THEN 'SUPERUSER' END,
        CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END) AS detail,
    pg_catalog.format('ALTER ROLE %s NOSUPERUSER NOBYPASSRLS;', o.object) AS remedy,
    'C0024 ' || o.object AS key
FROM pg_catalog.pg_roles AS r
    CROSS JOIN LATERAL (SELECT pg_catalog.quote_ident(r.rolname)) AS o (object)
WHERE (r.rolsuper OR r.rolbypassrls)
    AND (r.rolname ~ '^dsvault_(owner|definer|app|reader|auditor|operator)$' OR EXISTS (
        SELECT FROM pg_catalog.pg_auth_members AS m
            JOIN pg_catalog.pg_roles AS g ON g.oid = m.roleid
        WHERE m.member = r.oid AND g.rolname ~ '^dsvault_(app|reader|auditor|operator)$'
            AND coalesce((pg_catalog.to_jsonb(m) ->> 'set_option')::boolean, true)))
ORDER BY o.object
