-- All records of a version.
--
-- $1      id of the dataset; it decides the partition, so that one of sixteen is read
-- $2      id of the version
-- Index:  idx_records_version (tenant_id, version_id, dataset_id); the tenant comes from the policies.
-- Rows:   as many as the version has.

SELECT id, content_hash, encrypted_data
FROM dsvault.records
WHERE dataset_id = $1 AND version_id = $2;
