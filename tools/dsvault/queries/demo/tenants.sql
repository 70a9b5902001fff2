-- As an operator: which of these tenants there are.
SELECT t.slug, t.id::text AS tenant_id
FROM dsvault.tenants AS t
WHERE t.slug = ANY ($1::text[])
