-- The second version was made from the first; stated once.
INSERT INTO dsvault.lineage_edges (source_type, source_id, target_type, target_id, relationship)
VALUES ('version', $1::uuid, 'version', $2::uuid, 'derived_from')
ON CONFLICT DO NOTHING
RETURNING id
