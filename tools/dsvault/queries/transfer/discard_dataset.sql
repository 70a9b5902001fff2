-- Remove a dataset that has no version; $1 dataset.
DELETE FROM dsvault.datasets AS d
WHERE d.id = $1::uuid
    AND NOT EXISTS (SELECT FROM dsvault.dataset_versions AS v WHERE v.dataset_id = d.id)
RETURNING d.id
