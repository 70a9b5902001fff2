-- A draft is whole: $1 version, $2 commit, $3 tree, $4 manifest, $5 records, $6 bytes, $7 metadata.
UPDATE dsvault.dataset_versions
SET commit_id = $2, tree_hash = $3, manifest_hash = $4, record_count = $5, size_bytes = $6,
    metadata = $7::jsonb
WHERE id = $1::uuid
RETURNING id
