-- Finds lines of pg_hba.conf that let people in without a password, or with one sent in the clear.
--
-- Level: error
-- Needs: a superuser, or EXECUTE on pg_hba_file_rules(), to read the file
-- Why:   `trust` asks nobody who he is; `password` sends it readable, and `md5` keeps digests.
SELECT 'C0078' AS code,
    CASE h.auth_method WHEN 'trust' THEN 'error' WHEN 'md5' THEN 'info' ELSE 'warning' END
        AS level,
    o.object,
    pg_catalog.concat_ws(' ', h.type, pg_catalog.array_to_string(h.database, ','),
        pg_catalog.array_to_string(h.user_name, ','), h.address, h.auth_method) AS detail,
    pg_catalog.format('-- line %s of %s: scram-sha-256 in place of %s; '
        'then SELECT pg_reload_conf();', h.line_number, pg_catalog.current_setting('hba_file'),
        h.auth_method) AS remedy,
    'C0078 ' || o.object AS key
FROM pg_catalog.pg_hba_file_rules AS h
    CROSS JOIN LATERAL (
        SELECT 'pg_hba.conf line ' || pg_catalog.lpad(h.line_number::text, 4)) AS o (object)
WHERE h.auth_method IN ('trust', 'password', 'md5')
    AND h.error IS NULL
ORDER BY o.object
