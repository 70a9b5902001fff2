-- What the login of this session may do by itself.
SELECT pg_catalog.current_setting('server_version_num')::integer AS version,
    pg_catalog.current_setting('server_version') AS release,
    r.rolsuper AS superuser
FROM pg_catalog.pg_roles AS r
WHERE r.rolname = session_user
