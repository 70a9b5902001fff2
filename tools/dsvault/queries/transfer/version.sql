-- A version of a dataset, the newest published one if none is named: $1 dataset, $2 number or NULL.
SELECT v.id, v.version_number AS number, v.status, v.tree_hash, v.record_count, v.metadata::text
FROM dsvault.dataset_versions AS v
WHERE v.dataset_id = $1::uuid
    AND CASE WHEN $2::bigint IS NULL THEN v.status = 'published' ELSE v.version_number = $2 END
ORDER BY v.version_number DESC
LIMIT 1
