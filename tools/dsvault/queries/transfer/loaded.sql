-- Versions that were written whole from these labels before: $1 labels.
SELECT v.metadata -> 'import' ->> 'file' AS label, v.id, v.record_count AS rows
FROM dsvault.dataset_versions AS v
WHERE v.status <> 'draft' AND v.metadata -> 'import' ->> 'file' = ANY ($1::text[])
