-- Finds live tenants in which no active user holds the admin role for good.
--
-- Level: error
-- Needs: to see every tenant's rows: a superuser, or a role with BYPASSRLS and SELECT
-- Why:   nobody in the tenant can grant anything any more. The triggers prevent it; restores and
--        superusers do not ask them.
SELECT 'C0092' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('no lasting administrator: %s', t.slug) AS detail,
    pg_catalog.format('INSERT INTO dsvault.user_roles (tenant_id, user_id, role_id) '
        'SELECT %1$L, (…), id FROM dsvault.roles WHERE tenant_id = %1$L AND name = ''admin'';',
        t.id) AS remedy,
    'C0092 ' || o.object AS key
FROM dsvault.tenants AS t
    CROSS JOIN LATERAL (SELECT 'tenant ' || t.id) AS o (object)
WHERE NOT t.is_deleted
    -- The system tenant holds the templates and has no users.
    AND t.slug <> 'system'
    AND NOT EXISTS (
        SELECT FROM dsvault.user_roles AS g
            JOIN dsvault.roles AS r ON r.tenant_id = g.tenant_id AND r.id = g.role_id
            JOIN dsvault.users AS u ON u.tenant_id = g.tenant_id AND u.id = g.user_id
        WHERE g.tenant_id = t.id AND r.name = 'admin' AND r.is_system_role
            AND g.expires_at IS NULL AND u.status = 'active' AND NOT u.is_deleted)
ORDER BY o.object
