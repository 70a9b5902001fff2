-- Finds settings of roles or databases that switch off what keeps the vault's promises.
--
-- Level: error
-- Why:   session_replication_role switches triggers and foreign keys off, and a session that always
--        begins as a tenant no longer has to say who it is. row_security = off makes applications
--        fail.
SELECT 'C0030' AS code,
    'error' AS level,
    o.object,
    'is set: ' || pg_catalog.string_agg(s.setting, ', ' ORDER BY s.setting) AS detail,
    pg_catalog.string_agg(pg_catalog.format('ALTER %s RESET %s;', o.what,
        pg_catalog.split_part(s.setting, '=', 1)), ' ' ORDER BY s.setting) AS remedy,
    'C0030 ' || o.object AS key
FROM pg_catalog.pg_db_role_setting AS d
    LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = d.setrole
    LEFT JOIN pg_catalog.pg_database AS b ON b.oid = d.setdatabase
    CROSS JOIN LATERAL (
        SELECT pg_catalog.concat_ws(' in ', pg_catalog.quote_ident(r.rolname),
                pg_catalog.quote_ident(b.datname)),
            pg_catalog.concat_ws(' IN ', 'ROLE ' || pg_catalog.quote_ident(r.rolname),
                'DATABASE ' || pg_catalog.quote_ident(b.datname))
    ) AS o (object, what)
    CROSS JOIN LATERAL pg_catalog.unnest(d.setconfig) AS s (setting)
WHERE s.setting ~ '^(row_security=off|session_replication_role=(replica|local)|'
        'app\.current_user_id=.|fsync=off|check_function_bodies=off)'
    AND (d.setdatabase = 0 OR b.datname = pg_catalog.current_database())
GROUP BY o.object
ORDER BY o.object
