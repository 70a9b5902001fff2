-- As a data scientist: the records of a draft, in one statement.
WITH made AS (
    INSERT INTO dsvault.records (id, dataset_id, version_id, content_hash, encrypted_data,
        pii_annotations)
    SELECT r.id, $1::uuid, $2::uuid, r.content_hash, r.encrypted_data, $6::jsonb
    FROM unnest($3::uuid[], $4::text[], $5::bytea[]) AS r (id, content_hash, encrypted_data)
    RETURNING octet_length(encrypted_data) AS bytes
)
SELECT count(*) AS rows, coalesce(sum(m.bytes), 0)::bigint AS bytes FROM made AS m
