-- How many records each living dataset of the session's tenant holds.
--
-- The join names the dataset alone: the policies fix the tenant on both sides. Named in the join too,
-- it would be compared for the session, in a node that every row passes.
-- Index:  one of datasets and one of each partition of records that begin with tenant_id; the tenant
--         comes from the policies.
-- Rows:   one for each dataset that has records.

SELECT d.id, d.name, count(*) AS record_count
FROM dsvault.datasets AS d
    JOIN dsvault.records AS r ON r.dataset_id = d.id
WHERE d.deleted_at IS NULL
GROUP BY d.id, d.name;
