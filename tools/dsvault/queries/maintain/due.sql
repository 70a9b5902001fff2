-- As an operator: what retention would do to every tenant, and what keeps it from that.
SELECT t.slug AS tenant, r.dataset_name AS dataset, r.version_number AS version, r.action,
    r.due_at, r.blocked_by
FROM dsvault.tenants AS t, dsvault.retention_due(t.id) AS r
ORDER BY t.slug, r.due_at, r.version_id
