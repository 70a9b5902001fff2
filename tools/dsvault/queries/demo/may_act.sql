-- Whether this session may act as both group roles.
SELECT bool_and(pg_catalog.pg_has_role(r.role, 'MEMBER')) AS done
FROM unnest(ARRAY['dsvault_operator', 'dsvault_app']) AS r (role)
