-- Finds tenants that use more than their quota.
--
-- Level: warning
-- Needs: to see every tenant's rows: a superuser, or a role with BYPASSRLS and SELECT
-- Why:   the quota was lowered below what was there: the tenant can publish nothing more until
--        versions are removed or the quota is raised.
SELECT 'C0095' AS code,
    'warning' AS level,
    o.object,
    pg_catalog.format('uses %s of %s', pg_catalog.pg_size_pretty(u.amount),
        pg_catalog.pg_size_pretty(t.storage_quota_bytes)) AS detail,
    pg_catalog.format('SELECT dsvault.set_storage_quota(%L, %s);', t.id, u.amount) AS remedy,
    'C0095 ' || o.object AS key
FROM dsvault.tenants AS t
    JOIN dsvault.tenant_usage AS u ON u.tenant_id = t.id AND u.measure = 'published_bytes'
    CROSS JOIN LATERAL (SELECT 'tenant ' || t.id) AS o (object)
WHERE u.amount > t.storage_quota_bytes
    AND NOT t.is_deleted
ORDER BY o.object
