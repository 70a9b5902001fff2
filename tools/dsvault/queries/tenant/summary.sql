-- As an operator: how large a tenant is; $1 tenant.
SELECT s.users, s.active_users, s.datasets, s.versions, s.published_versions, s.active_keys,
    s.last_version_at, coalesce(u.amount, 0) AS used_bytes
FROM dsvault.tenant_summary($1::uuid) AS s
    LEFT JOIN dsvault.tenant_usage AS u
        ON u.tenant_id = $1::uuid AND u.measure = 'published_bytes'
