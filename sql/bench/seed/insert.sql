-- As queries/client/insert_records.sql of the toolkit, into the table that promises nothing.
WITH made AS (
    INSERT INTO bench.records (id, dataset_id, version_id, content_hash, encrypted_data,
        pii_annotations)
    SELECT r.id, $1::uuid, $2::uuid, r.content_hash, r.encrypted_data, r.annotations::jsonb
    FROM unnest($3::uuid[], $4::text[], $5::bytea[], $6::text[])
        AS r (id, content_hash, encrypted_data, annotations)
    RETURNING octet_length(encrypted_data) AS bytes
)
SELECT count(*) AS rows, coalesce(sum(m.bytes), 0)::bigint AS bytes FROM made AS m
