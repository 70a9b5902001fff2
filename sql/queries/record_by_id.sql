-- One record of the session's tenant, by its dataset and id.
--
-- $1      id of the dataset; it decides the partition, so that one of sixteen is read
-- $2      id of the record
-- Index:  records_pkey (tenant_id, dataset_id, id); the tenant comes from the policies.
-- Rows:   one, or none.

SELECT id, version_id, content_hash, encrypted_data
FROM dsvault.records
WHERE dataset_id = $1 AND id = $2;
