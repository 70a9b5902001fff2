-- A draft that an import of the same file began and did not end: $1 dataset, $2 the file's hash.
SELECT v.id, v.version_number AS number, v.parent_version_id AS parent_id
FROM dsvault.dataset_versions AS v
WHERE v.dataset_id = $1::uuid AND v.status = 'draft' AND v.metadata -> 'import' ->> 'file' = $2
ORDER BY v.version_number DESC
LIMIT 1
