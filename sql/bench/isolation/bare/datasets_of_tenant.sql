-- sql/queries/datasets_of_tenant.sql with the tenant, $1, written into it.

SELECT id, name, owner_id, created_at
FROM dsvault.datasets
WHERE tenant_id = $1 AND deleted_at IS NULL
ORDER BY created_at DESC;
