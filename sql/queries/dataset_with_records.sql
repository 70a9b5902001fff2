-- One dataset with its records.
--
-- The join names the dataset alone: the policies fix the tenant on both sides (records_per_dataset.sql).
-- $1      id of the dataset; it decides the partition, so that one of sixteen is read
-- Index:  datasets_pkey (tenant_id, id) and records_pkey (tenant_id, dataset_id, id) of one
--         partition; the tenant comes from the policies.
-- Rows:   one for each record of the dataset.

SELECT d.name, r.id, r.version_id, r.created_at
FROM dsvault.datasets AS d
    JOIN dsvault.records AS r ON r.dataset_id = d.id
WHERE d.id = $1;
