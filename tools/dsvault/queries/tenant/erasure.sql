-- As an operator: the erasure of a tenant, by its slug or its id; the latest of a slug.
SELECT e.tenant_id::text AS tenant_id, e.slug, e.removed::text AS removed, e.begun_by, e.begun_at,
    e.finished_at
FROM dsvault.tenant_erasures AS e
WHERE e.tenant_id::text = lower($1) OR e.slug = $1
ORDER BY e.tenant_id::text = lower($1) DESC, e.begun_at DESC
LIMIT 1
