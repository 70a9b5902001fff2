-- Finds settings of the server that weaken what the vault relies on.
--
-- Level: warning
-- Why:   MD5 passwords are guessed by the billion; without SSL whoever listens reads passwords'
--        digests and rows; row_security = off makes applications fail and session_replication_role
--        switches triggers and foreign keys off.
SELECT 'C0077' AS code,
    'warning' AS level,
    s.name AS object,
    pg_catalog.format('%s = %s: %s', s.name, s.reset_val, w.why) AS detail,
    pg_catalog.format('ALTER SYSTEM SET %I = %L; SELECT pg_reload_conf();', s.name, w.wanted)
        AS remedy,
    'C0077 ' || s.name AS key
FROM pg_catalog.pg_settings AS s
    JOIN (VALUES
        ('password_encryption', 'md5', 'scram-sha-256', 'new passwords are kept as MD5 digests'),
        ('ssl', 'off', 'on', 'connections over the network are not encrypted'),
        ('row_security', 'off', 'on', 'queries below row-level security fail'),
        ('session_replication_role', 'replica', 'origin', 'triggers and foreign keys do nothing'),
        ('session_replication_role', 'local', 'origin', 'triggers are skipped'),
        ('allow_system_table_mods', 'on', 'off', 'the catalog can be edited'),
        ('db_user_namespace', 'on', 'off', 'passwords are kept as MD5 digests')
    ) AS w (name, bad, wanted, why) ON w.name = s.name AND w.bad = s.reset_val
-- A server that listens on its socket, or to its own machine, has nothing to encrypt.
WHERE NOT (s.name = 'ssl' AND pg_catalog.current_setting('listen_addresses')
        ~ '^\s*((localhost|127\.[0-9.]+|::1)?\s*,?\s*)*$')
ORDER BY s.name
