-- Whether this session may act as both group roles. Since PostgreSQL 16 a member may lack that right.
SELECT bool_and(pg_catalog.pg_has_role(r.role, CASE
    WHEN pg_catalog.current_setting('server_version_num')::integer >= 160000 THEN 'SET'
    ELSE 'MEMBER' END)) AS done
FROM unnest(ARRAY['dsvault_operator', 'dsvault_app']) AS r (role)
