-- sql/queries/datasets_count.sql with the tenant, $1, written into it.

SELECT count(*)
FROM dsvault.datasets
WHERE tenant_id = $1 AND deleted_at IS NULL;
