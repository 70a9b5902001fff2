-- As an operator: the tenant that somebody named by its id or its slug; an id comes first.
SELECT t.id::text AS id, t.slug AS slug, t.is_deleted AS is_deleted
FROM dsvault.tenants AS t
WHERE t.id::text = lower($1) OR t.slug = $1
ORDER BY t.id::text = lower($1) DESC
LIMIT 1
