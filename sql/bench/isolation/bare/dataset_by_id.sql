-- sql/queries/dataset_by_id.sql with the tenant, $2, written into it.

SELECT id, name, owner_id, schema_id, created_at
FROM dsvault.datasets
WHERE tenant_id = $2 AND id = $1;
