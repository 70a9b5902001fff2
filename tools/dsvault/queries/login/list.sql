-- The logins of the vault's group roles, what this database presets for each, and its sessions here.
-- Who created a group role may administer it since PostgreSQL 16, without holding what it holds.
SELECT r.rolname::text AS name,
    ARRAY(
        SELECT pg_catalog.substr(g.rolname::text, 9)
        FROM pg_catalog.pg_auth_members AS m
            JOIN pg_catalog.pg_roles AS g ON g.oid = m.roleid
        WHERE m.member = r.oid AND g.rolname = ANY ($1)
            AND pg_catalog.pg_has_role(r.oid, g.oid, 'USAGE')
        GROUP BY g.rolname
        ORDER BY 1) AS roles,
    (
        SELECT pg_catalog.split_part(c.setting, '=', 2)
        FROM pg_catalog.pg_db_role_setting AS s
            JOIN pg_catalog.pg_database AS d ON d.oid = s.setdatabase
            CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS c (setting)
        WHERE s.setrole = r.oid
            AND d.datname = pg_catalog.current_database()
            AND pg_catalog.starts_with(c.setting, 'app.current_tenant_id=')
    ) AS tenant_id,
    pg_catalog.to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        AS valid_until,
    (
        SELECT pg_catalog.count(*)
        FROM pg_catalog.pg_stat_activity AS a
        WHERE a.usesysid = r.oid AND a.datname = pg_catalog.current_database()
    ) AS sessions
FROM pg_catalog.pg_roles AS r
WHERE r.rolcanlogin
    AND EXISTS (
        SELECT FROM pg_catalog.pg_auth_members AS m
            JOIN pg_catalog.pg_roles AS g ON g.oid = m.roleid
        WHERE m.member = r.oid AND g.rolname = ANY ($1)
            AND pg_catalog.pg_has_role(r.oid, g.oid, 'USAGE'))
ORDER BY r.rolname
