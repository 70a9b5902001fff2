-- The entries of a month, from $1 to below $2, in the order of an archive, with what is hashed of
-- each, by no function that anybody could have replaced.
SELECT e.tenant_id::text, e.id::text,
    pg_catalog.jsonb_build_array(e.id, e.tenant_id, e.user_id, e.action, e.resource_type,
        e.resource_id, e.details, e.ip_address::text, e.user_agent,
        EXTRACT(epoch FROM e.created_at)::text, e.transaction_id::text)::text AS entry
FROM dsvault.audit_logs AS e
WHERE e.created_at >= $1::timestamptz AND e.created_at < $2::timestamptz
ORDER BY e.tenant_id, e.transaction_id, e.created_at, e.id
