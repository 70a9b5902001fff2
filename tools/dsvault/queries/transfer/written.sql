-- What a draft has so far: $1 dataset, $2 version.
SELECT count(*) AS rows, coalesce(sum(octet_length(r.encrypted_data)), 0)::bigint AS bytes
FROM dsvault.records AS r
WHERE r.dataset_id = $1::uuid AND r.version_id = $2::uuid
