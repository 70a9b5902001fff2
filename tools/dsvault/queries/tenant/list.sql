-- As an operator: all tenants but the system tenant, by slug.
SELECT t.id::text AS id, t.slug, t.name, t.created_at, t.deleted_at, t.suspended_at,
    t.suspension_reason, t.storage_quota_bytes AS quota_bytes
FROM dsvault.tenants AS t
WHERE t.id <> '00000000-0000-0000-0000-000000000000'
ORDER BY t.slug
