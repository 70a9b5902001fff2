-- As a superuser: tenants that live, and for each of them one of those who may do everything.
SELECT DISTINCT ON (t.id) t.id, u.id
FROM dsvault.tenants AS t
    JOIN dsvault.users AS u
        ON u.tenant_id = t.id AND u.status = 'active' AND NOT u.is_deleted
    JOIN dsvault.user_roles AS g ON g.tenant_id = u.tenant_id AND g.user_id = u.id
    JOIN dsvault.roles AS r ON r.tenant_id = g.tenant_id AND r.id = g.role_id
WHERE NOT t.is_deleted
    AND r.name = 'admin'
    AND r.is_system_role
    AND (g.expires_at IS NULL OR g.expires_at > statement_timestamp())
ORDER BY t.id, u.id
