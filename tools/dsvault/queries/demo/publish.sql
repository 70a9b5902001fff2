-- As an administrator: a draft becomes the version that others read.
UPDATE dsvault.dataset_versions
SET status = 'published', record_count = $2, size_bytes = $3
WHERE id = $1::uuid
RETURNING id::text
