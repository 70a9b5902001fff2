-- sql/queries/record_by_id.sql with the tenant, $3, written into it.

SELECT id, version_id, content_hash, encrypted_data
FROM dsvault.records
WHERE tenant_id = $3 AND dataset_id = $1 AND id = $2;
