-- As a data scientist: a draft of a dataset's next version.
INSERT INTO dsvault.dataset_versions (dataset_id, version_number, commit_id, tree_hash, message,
    author_id, storage_path, manifest_hash)
VALUES ($1::uuid, 1, $2, $3, $4, dsvault.current_user_id(), $5, $3)
RETURNING id::text
