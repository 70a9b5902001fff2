-- Finds owners of the vault whose later functions everybody may call.
--
-- Level: error
-- Why:   PostgreSQL opens new functions to PUBLIC unless the default privileges of their owner say
--        otherwise.
SELECT 'C0032' AS code,
    'error' AS level,
    r.rolname::text AS object,
    'functions that it creates can be called by everybody' AS detail,
    pg_catalog.format('ALTER DEFAULT PRIVILEGES FOR ROLE %I '
        'REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;', r.rolname) AS remedy,
    'C0032 ' || r.rolname AS key
FROM pg_catalog.pg_roles AS r
WHERE r.rolname IN ('dsvault_owner', 'dsvault_definer', 'dsvault_recorder', 'dsvault_finder')
    -- No vault here, no finding: the roles may serve another database of the server.
    AND EXISTS (SELECT FROM pg_catalog.pg_namespace AS n WHERE n.nspname = 'dsvault')
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_default_acl AS d
        WHERE d.defaclrole = r.oid AND d.defaclobjtype = 'f' AND d.defaclnamespace = 0
            AND NOT EXISTS (
                SELECT FROM pg_catalog.aclexplode(d.defaclacl) AS a WHERE a.grantee = 0))
ORDER BY r.rolname
