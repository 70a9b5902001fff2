-- Finds tenants whose system roles are not as their templates say.
--
-- Level: warning
-- Needs: to see every tenant's rows: a superuser, or a role with BYPASSRLS and SELECT
-- Why:   a release changed a template, and nobody brought it to the tenants that were there before.
SELECT 'C0093' AS code,
    'warning' AS level,
    o.object,
    'differs from its template: ' || pg_catalog.string_agg(p.name::text, ', ' ORDER BY p.name)
        AS detail,
    pg_catalog.format('SELECT dsvault.upgrade_system_roles(%L);', t.id) AS remedy,
    'C0093 ' || o.object AS key
FROM dsvault.tenants AS t
    CROSS JOIN LATERAL (SELECT 'tenant ' || t.id) AS o (object)
    JOIN dsvault.tenants AS s ON s.slug = 'system' AND s.id <> t.id
    JOIN dsvault.roles AS p ON p.tenant_id = s.id AND p.is_system_role
    LEFT JOIN dsvault.roles AS r ON r.tenant_id = t.id AND r.name = p.name AND r.is_system_role
WHERE NOT t.is_deleted
    AND (r.id IS NULL OR NOT (r.permissions @> p.permissions AND p.permissions @> r.permissions))
GROUP BY o.object, t.id
ORDER BY o.object
