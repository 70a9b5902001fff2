-- Finds logins whose password is kept as an MD5 digest.
--
-- Level: warning
-- Needs: a superuser, who alone may read pg_authid
-- Why:   an MD5 digest can be used to log in as it is, and is guessed a billion times a second.
SELECT 'C0029' AS code,
    'warning' AS level,
    o.object,
    'its password is kept as an MD5 digest' AS detail,
    pg_catalog.format('SET password_encryption = ''scram-sha-256''; -- then \password %s', o.object)
        AS remedy,
    'C0029 ' || o.object AS key
FROM pg_catalog.pg_authid AS r
    CROSS JOIN LATERAL (SELECT pg_catalog.quote_ident(r.rolname)) AS o (object)
WHERE r.rolcanlogin
    AND r.rolpassword LIKE 'md5%'
ORDER BY o.object
