-- The entries of transactions below $2, in the order in which they are sealed, with what is hashed
-- of each, by no function that anybody could have replaced; $1: of one tenant, or NULL.
SELECT e.tenant_id::text, e.transaction_id::text AS transaction, e.id::text,
    pg_catalog.jsonb_build_array(e.id, e.tenant_id, e.user_id, e.action, e.resource_type,
        e.resource_id, e.details, e.ip_address::text, e.user_agent,
        EXTRACT(epoch FROM e.created_at)::text, e.transaction_id::text)::text AS entry
FROM dsvault.audit_logs AS e
WHERE e.transaction_id < $2::xid8 AND ($1::uuid IS NULL OR e.tenant_id = $1::uuid)
ORDER BY e.transaction_id, e.created_at, e.id
