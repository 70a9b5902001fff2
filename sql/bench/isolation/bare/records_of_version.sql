-- sql/queries/records_of_version.sql with the tenant, $3, written into it.

SELECT id, content_hash, encrypted_data
FROM dsvault.records
WHERE tenant_id = $3 AND dataset_id = $1 AND version_id = $2;
