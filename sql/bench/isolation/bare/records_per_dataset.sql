-- sql/queries/records_per_dataset.sql with the tenant, $1, written into it.

SELECT d.id, d.name, count(*) AS record_count
FROM dsvault.datasets AS d
    JOIN dsvault.records AS r ON r.dataset_id = d.id
WHERE d.tenant_id = $1 AND r.tenant_id = $1 AND d.deleted_at IS NULL
GROUP BY d.id, d.name;
