-- The seal $2 of the tenant $1, with its lists.
SELECT s.tenant_id::text, s.seal_number, s.from_transaction::text, s.to_transaction::text,
    s.entry_count, s.root_hash, s.previous_hash, EXTRACT(epoch FROM s.sealed_at)::text AS sealed_at,
    s.seal_hash, s.entry_ids::text[] AS ids, s.leaf_hashes
FROM dsvault.audit_seals AS s
WHERE s.tenant_id = $1::uuid AND s.seal_number = $2
