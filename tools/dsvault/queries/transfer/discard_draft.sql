-- Remove a draft with its records; $1 dataset, $2 version.
DELETE FROM dsvault.dataset_versions
WHERE dataset_id = $1::uuid AND id = $2::uuid AND status = 'draft'
RETURNING id
