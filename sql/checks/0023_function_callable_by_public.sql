-- Finds functions in the vault's schemas that everybody may call.
--
-- Level: error
-- Why:   PostgreSQL gives EXECUTE to PUBLIC unless it is revoked; the vault grants one by one.
SELECT 'C0023' AS code,
    'error' AS level,
    o.object,
    'everybody may call it' AS detail,
    pg_catalog.format('REVOKE ALL ON ROUTINE %s FROM PUBLIC;', o.object) AS remedy,
    'C0023 ' || o.object AS key
FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
            pg_catalog.pg_get_function_identity_arguments(p.oid))
    ) AS o (object)
WHERE n.nspname IN ('dsvault', 'dsvault_private', 'dsvault_facts')
    AND NOT p.prosecdef
    AND EXISTS (
        SELECT FROM pg_catalog.aclexplode(
            coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS a
        WHERE a.grantee = 0)
ORDER BY o.object
