-- Finds tenants whose sums of what they use are not what their versions say.
--
-- Level: error
-- Needs: to see every tenant's rows: a superuser, or a role with BYPASSRLS and SELECT
-- Why:   the quota is held against these sums. Triggers keep them; restores and sessions that switch
--        triggers off do not.
SELECT 'C0094' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('%s is %s, counted %s', m.measure, s.stated, s.counted) AS detail,
    pg_catalog.format('SELECT dsvault.recount_usage(%L);', t.id) AS remedy,
    pg_catalog.format('C0094 %s %s', o.object, m.measure) AS key
FROM dsvault.tenants AS t
    CROSS JOIN LATERAL (SELECT 'tenant ' || t.id) AS o (object)
    CROSS JOIN LATERAL (
        SELECT coalesce(pg_catalog.sum(v.size_bytes), 0), pg_catalog.count(*)
        FROM dsvault.dataset_versions AS v
        WHERE v.tenant_id = t.id AND v.status <> 'draft'
    ) AS c (bytes, versions)
    CROSS JOIN (VALUES ('published_bytes'), ('published_versions')) AS m (measure)
    CROSS JOIN LATERAL (
        SELECT coalesce(pg_catalog.max(u.amount), 0),
            CASE m.measure WHEN 'published_bytes' THEN c.bytes ELSE c.versions END
        FROM dsvault.tenant_usage AS u
        WHERE u.tenant_id = t.id AND u.measure = m.measure
    ) AS s (stated, counted)
WHERE s.stated <> s.counted
ORDER BY o.object, m.measure
