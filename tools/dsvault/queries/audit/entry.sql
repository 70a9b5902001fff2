-- One entry by its id, and whether a seal covers its place; $1: of one tenant, or NULL. No index
-- has ids, one has transactions: from $3 and below $4 it is sought there, in all if they are NULL.
SELECT pg_catalog.jsonb_build_array(e.id, e.tenant_id, e.user_id, e.action, e.resource_type,
        e.resource_id, e.details, e.ip_address::text, e.user_agent,
        EXTRACT(epoch FROM e.created_at)::text, e.transaction_id::text)::text AS entry,
    EXISTS (
        SELECT FROM dsvault.audit_seals AS s
        WHERE s.tenant_id = e.tenant_id AND e.transaction_id >= s.from_transaction
            AND e.transaction_id < s.to_transaction) AS is_covered
FROM dsvault.audit_logs AS e
WHERE e.id = $2::uuid AND ($1::uuid IS NULL OR e.tenant_id = $1::uuid)
    AND ($3::xid8 IS NULL OR e.transaction_id >= $3::xid8)
    AND ($4::xid8 IS NULL OR e.transaction_id < $4::xid8)
