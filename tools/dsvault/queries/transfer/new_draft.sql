-- The next version of a dataset, a draft on top of the last one. Hashes are known at its end only.
-- $1 dataset, $2 message, $3 where it lies, $4 metadata, $5 a hash of nothing.
INSERT INTO dsvault.dataset_versions (dataset_id, version_number, parent_version_id, commit_id,
    tree_hash, manifest_hash, message, author_id, storage_path, metadata)
SELECT $1::uuid, coalesce(max(v.version_number), 0) + 1,
    (array_agg(v.id ORDER BY v.version_number DESC))[1], $5, $5, $5, $2,
    dsvault.current_user_id(), $3 || '/' || coalesce(max(v.version_number), 0) + 1, $4::jsonb
FROM dsvault.dataset_versions AS v
WHERE v.dataset_id = $1::uuid
RETURNING id, version_number AS number, parent_version_id AS parent_id
