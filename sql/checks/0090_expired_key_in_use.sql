-- Finds keys that still encrypt after they expired, and datasets whose key is expired or revoked.
--
-- Level: error
-- Needs: to see every tenant's rows: a superuser, or a role with BYPASSRLS and SELECT
-- Why:   what is written under such a key was meant to be under a newer one, and what a revoked key
--        encrypted can no longer be read.
SELECT 'C0090' AS code,
    'error' AS level,
    o.object,
    CASE WHEN k.status = 'active'
        THEN pg_catalog.format('active, though it expired %s', k.expires_at::pg_catalog.date)
        ELSE pg_catalog.format('is %s and serves %s datasets', k.status, u.datasets) END AS detail,
    pg_catalog.format('UPDATE dsvault.encryption_keys SET status = ''rotated'', '
        'rotated_at = now() WHERE tenant_id = %L AND id = %L; -- then a new key for its datasets',
        k.tenant_id, k.id) AS remedy,
    'C0090 ' || o.object AS key
FROM dsvault.encryption_keys AS k
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('key %s of tenant %s', k.id, k.tenant_id)) AS o (object)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.count(*) FROM dsvault.datasets AS d
        WHERE d.tenant_id = k.tenant_id AND d.encryption_key_id = k.id AND d.deleted_at IS NULL
    ) AS u (datasets)
WHERE (k.status = 'active' AND k.expires_at < pg_catalog.now())
    OR (k.status IN ('expired', 'revoked') AND u.datasets > 0)
ORDER BY o.object
