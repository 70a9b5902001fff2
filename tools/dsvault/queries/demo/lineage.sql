-- As a data scientist: where a version came from.
INSERT INTO dsvault.lineage_edges (source_type, source_id, target_type, target_id, relationship)
VALUES ('version', $1::uuid, 'version', $2::uuid, 'anonymized_from')
RETURNING id::text
