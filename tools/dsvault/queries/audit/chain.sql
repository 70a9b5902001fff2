-- The seals of the tenant $1 from number $2 on.
SELECT s.tenant_id::text, s.seal_number, s.from_transaction::text, s.to_transaction::text,
    s.entry_count, s.root_hash, s.previous_hash, EXTRACT(epoch FROM s.sealed_at)::text AS sealed_at,
    s.seal_hash
FROM dsvault.audit_seals AS s
WHERE s.tenant_id = $1::uuid AND s.seal_number >= $2
ORDER BY s.seal_number
