-- The seals that end at the transaction $2, with their lists; $1: of one tenant, or NULL.
SELECT s.tenant_id::text, s.seal_number, s.from_transaction::text, s.to_transaction::text,
    s.entry_count, s.root_hash, s.previous_hash, EXTRACT(epoch FROM s.sealed_at)::text AS sealed_at,
    s.seal_hash, s.entry_ids::text[] AS ids, s.leaf_hashes
FROM dsvault.audit_seals AS s
WHERE s.to_transaction = $2::xid8 AND ($1::uuid IS NULL OR s.tenant_id = $1::uuid)
ORDER BY s.tenant_id, s.seal_number
