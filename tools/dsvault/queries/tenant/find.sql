-- As an operator: the tenant that somebody named by its id or its slug; an id comes first.
SELECT t.id::text AS id, t.slug, t.name, t.created_at, t.deleted_at, t.suspended_at,
    t.suspension_reason, t.storage_quota_bytes AS quota_bytes
FROM dsvault.tenants AS t
WHERE t.id::text = lower($1) OR t.slug = $1
ORDER BY t.id::text = lower($1) DESC
LIMIT 1
