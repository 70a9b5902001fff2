-- All seals with their lists, in the order of ranges; $1: of one tenant, or NULL. They are put in
-- order before their lists are read.
SELECT s.tenant_id::text, s.seal_number, s.from_transaction::text, s.to_transaction::text,
    s.entry_count, s.root_hash, s.previous_hash, EXTRACT(epoch FROM s.sealed_at)::text AS sealed_at,
    s.seal_hash, s.entry_ids::text[] AS ids, s.leaf_hashes
FROM (
    SELECT o.*
    FROM dsvault.audit_seals AS o
    WHERE $1::uuid IS NULL OR o.tenant_id = $1::uuid
    ORDER BY o.to_transaction, o.tenant_id, o.seal_number
) AS s
