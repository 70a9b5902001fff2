-- Finds tenants' tables of the vault that have no restrictive policy behind their other policies.
--
-- Level: error
-- Why:   permissive policies are joined by OR: without the floor one careless policy opens all.
SELECT 'C0007' AS code,
    'error' AS level,
    o.object,
    'no RESTRICTIVE policy FOR ALL on tenant_id for dsvault_app' AS detail,
    pg_catalog.format('CREATE POLICY %I ON %s AS RESTRICTIVE FOR ALL '
        'TO dsvault_app, dsvault_reader, dsvault_auditor '
        'USING (tenant_id = (SELECT dsvault.current_tenant_id())) '
        'WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));',
        'tenant_isolation_' || c.relname, o.object) AS remedy,
    'C0007 ' || o.object AS key
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)) AS o (object)
WHERE c.relkind IN ('r', 'p')
    AND n.nspname = 'dsvault'
    AND NOT c.relispartition
    AND EXISTS (
        SELECT FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
    AND EXISTS (
        SELECT FROM pg_catalog.aclexplode(c.relacl) AS a
        WHERE pg_catalog.pg_get_userbyid(a.grantee) = 'dsvault_app')
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_policy AS p
            CROSS JOIN LATERAL pg_catalog.unnest(p.polroles) AS u (id)
        WHERE p.polrelid = c.oid AND NOT p.polpermissive AND p.polcmd = '*'
            AND (u.id = 0 OR pg_catalog.pg_get_userbyid(u.id) = 'dsvault_app')
            AND pg_catalog.pg_get_expr(p.polqual, p.polrelid) ~ '\mtenant_id = \( SELECT ')
ORDER BY o.object
