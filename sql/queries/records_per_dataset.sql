-- How many records each living dataset of the session's tenant holds.
--
-- The join names tenant_id as well: without it the planner could not use the keys, which all begin
-- with the tenant.
-- Index:  one of datasets and one of each partition of records that begin with tenant_id; the tenant
--         comes from the policies.
-- Rows:   one for each dataset that has records.

SELECT d.id, d.name, count(*) AS record_count
FROM dsvault.datasets AS d
    JOIN dsvault.records AS r ON r.tenant_id = d.tenant_id AND r.dataset_id = d.id
WHERE d.deleted_at IS NULL
GROUP BY d.id, d.name;
