-- The seals of the tenant $1, and how many entries those before each have.
SELECT s.seal_number, s.entry_count,
    (pg_catalog.sum(s.entry_count) OVER (ORDER BY s.seal_number) - s.entry_count)::bigint AS before
FROM dsvault.audit_seals AS s
WHERE s.tenant_id = $1::uuid
ORDER BY s.seal_number
