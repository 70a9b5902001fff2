-- sql/queries/dataset_with_records.sql with the tenant, $2, written into it.

SELECT d.name, r.id, r.version_id, r.created_at
FROM dsvault.datasets AS d
    JOIN dsvault.records AS r ON r.dataset_id = d.id
WHERE d.tenant_id = $2 AND r.tenant_id = $2 AND d.id = $1;
