-- The paved road for many records: one statement a batch, arrays of equal length as values.
-- $1 dataset, $2 its draft version; $3 ids, $4 content hashes, $5 ciphertexts, $6 annotations.
WITH made AS (
    INSERT INTO dsvault.records (id, dataset_id, version_id, content_hash, encrypted_data,
        pii_annotations)
    SELECT r.id, $1::uuid, $2::uuid, r.content_hash, r.encrypted_data, r.annotations::jsonb
    FROM unnest($3::uuid[], $4::text[], $5::bytea[], $6::text[])
        AS r (id, content_hash, encrypted_data, annotations)
    RETURNING octet_length(encrypted_data) AS bytes
)
SELECT count(*) AS rows, coalesce(sum(m.bytes), 0)::bigint AS bytes FROM made AS m
