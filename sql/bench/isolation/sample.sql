-- What the queries ask for: a tenant in the middle, its viewer, its first dataset, that one's
-- version, and one of its records.

SELECT md5('tenant ' || t)::uuid::text AS tenant_id,
    md5('viewer ' || t)::uuid::text AS user_id,
    k.dataset_id::text AS dataset_id,
    md5('version of ' || k.dataset_id)::uuid::text AS version_id,
    md5(concat('record ', t, ' 1'))::uuid::text AS record_id
FROM (SELECT (count(*) / 2)::int AS t FROM dsvault.tenants WHERE slug LIKE 'tenant-%') AS n,
    LATERAL (SELECT md5(concat('dataset ', t, ' 1'))::uuid AS dataset_id) AS k;
