-- The roles of the matrix as the cluster has them, and through which roles they hold more.
SELECT r.rolname::text AS name,
    r.rolcanlogin AS login,
    r.rolsuper OR r.rolbypassrls AS bypasses,
    ARRAY(
        SELECT pg_catalog.pg_get_userbyid(m.roleid)::text
        FROM pg_catalog.pg_auth_members AS m
        WHERE m.member = r.oid
        GROUP BY m.roleid
        ORDER BY 1) AS member_of
FROM pg_catalog.pg_roles AS r
WHERE r.rolname = ANY ($1)
ORDER BY r.rolname
