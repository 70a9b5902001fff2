-- As an operator: every tenant, the system tenant too.
SELECT t.id::text AS id, t.slug FROM dsvault.tenants AS t ORDER BY t.slug
