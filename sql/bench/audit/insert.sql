INSERT INTO dsvault.datasets (name, owner_id, tags, metadata)
SELECT concat('dataset ', i, ' ', $2::text), $3::uuid, ARRAY['a', 'b'], '{"k": 1}'
FROM generate_series(1, $1::integer) AS i
