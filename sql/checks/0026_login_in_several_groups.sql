-- Finds logins that are in more than one of the vault's four groups.
--
-- Level: warning
-- Why:   what the groups may do adds up: an operator that is an application too both provisions
--        tenants and reads their rows. Give each task a login.
SELECT 'C0026' AS code,
    'warning' AS level,
    o.object,
    'is in ' || pg_catalog.string_agg(g.rolname::text, ', ' ORDER BY g.rolname) AS detail,
    pg_catalog.format('REVOKE %s FROM %s; -- keep the one that its task needs',
        pg_catalog.string_agg(pg_catalog.quote_ident(g.rolname), ', ' ORDER BY g.rolname),
        o.object) AS remedy,
    'C0026 ' || o.object AS key
FROM pg_catalog.pg_roles AS l
    CROSS JOIN LATERAL (SELECT pg_catalog.quote_ident(l.rolname)) AS o (object)
    JOIN pg_catalog.pg_auth_members AS m ON m.member = l.oid
    JOIN pg_catalog.pg_roles AS g ON g.oid = m.roleid
WHERE l.rolcanlogin
    AND g.rolname IN ('dsvault_app', 'dsvault_reader', 'dsvault_auditor', 'dsvault_operator')
    -- Whoever made the groups may grant them (ADMIN) without having what they have.
    AND coalesce((pg_catalog.to_jsonb(m) ->> 'set_option')::boolean, NOT m.admin_option)
GROUP BY o.object
HAVING pg_catalog.count(DISTINCT g.oid) > 1
ORDER BY o.object
