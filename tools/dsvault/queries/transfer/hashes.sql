-- Ids and hashes of a draft's records: $1 dataset, $2 version, $3 the last id before, $4 how many.
SELECT r.id, r.content_hash
FROM dsvault.records AS r
WHERE r.dataset_id = $1::uuid AND r.version_id = $2::uuid AND r.id > $3::uuid
ORDER BY r.id
LIMIT $4::integer
