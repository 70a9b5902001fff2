-- One dataset with its records.
--
-- $1      id of the dataset; it decides the partition, so that one of sixteen is read
-- Index:  datasets_pkey (tenant_id, id) and records_pkey (tenant_id, dataset_id, id) of one
--         partition; the tenant comes from the policies.
-- Rows:   one for each record of the dataset.

SELECT d.name, r.id, r.version_id, r.created_at
FROM dsvault.datasets AS d
    JOIN dsvault.records AS r ON r.tenant_id = d.tenant_id AND r.dataset_id = d.id
WHERE d.id = $1;
