-- One entry by its id, with the list of the seal that vouches for it; $1: of one tenant, or NULL.
SELECT e.tenant_id::text,
    pg_catalog.jsonb_build_array(e.id, e.tenant_id, e.user_id, e.action, e.resource_type,
        e.resource_id, e.details, e.ip_address::text, e.user_agent,
        EXTRACT(epoch FROM e.created_at)::text, e.transaction_id::text)::text AS entry,
    s.seal_number, s.leaf_hashes, pg_catalog.array_position(s.entry_ids, e.id) AS place
FROM dsvault.audit_logs AS e
    LEFT JOIN dsvault.audit_seals AS s ON s.tenant_id = e.tenant_id
        AND e.transaction_id >= s.from_transaction AND e.transaction_id < s.to_transaction
WHERE e.id = $2::uuid AND ($1::uuid IS NULL OR e.tenant_id = $1::uuid)
ORDER BY s.seal_number
