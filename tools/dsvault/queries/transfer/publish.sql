-- A whole draft becomes the version that others read.
UPDATE dsvault.dataset_versions
SET status = 'published'
WHERE id = $1::uuid
RETURNING id
