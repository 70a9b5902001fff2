-- Those roles that this session's login cannot SET ROLE to. Before PostgreSQL 16 a member could.
SELECT r.rolname::text AS name
FROM pg_catalog.pg_roles AS r
WHERE r.rolname = ANY ($1)
    AND NOT CASE
        WHEN pg_catalog.current_setting('server_version_num')::integer >= 160000
            THEN pg_catalog.pg_has_role(session_user, r.oid, 'SET')
        ELSE pg_catalog.pg_has_role(session_user, r.oid, 'MEMBER')
    END
ORDER BY r.rolname
