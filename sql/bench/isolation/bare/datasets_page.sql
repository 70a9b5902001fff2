-- sql/queries/datasets_page.sql with the tenant, $2, written into it.

SELECT id, name, owner_id, created_at
FROM dsvault.datasets
WHERE tenant_id = $2 AND deleted_at IS NULL AND created_at < $1
ORDER BY created_at DESC
LIMIT 50;
