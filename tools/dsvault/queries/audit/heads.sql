-- The last seal of each tenant; $1: of one tenant, or NULL.
SELECT DISTINCT ON (s.tenant_id) s.tenant_id::text, s.seal_number, s.from_transaction::text,
    s.to_transaction::text, s.entry_count, s.root_hash, s.previous_hash,
    EXTRACT(epoch FROM s.sealed_at)::text AS sealed_at, s.seal_hash
FROM dsvault.audit_seals AS s
WHERE $1::uuid IS NULL OR s.tenant_id = $1::uuid
ORDER BY s.tenant_id, s.seal_number DESC
