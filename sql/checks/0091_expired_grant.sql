-- Finds grants of roles to users that expired and are still there.
--
-- Level: info
-- Settings: grant_days = 30
-- Needs: to see every tenant's rows: a superuser, or a role with BYPASSRLS and SELECT
-- Why:   they give nothing any more, but stand in the way of whoever reads the list.
SELECT 'C0091' AS code,
    'info' AS level,
    o.object,
    pg_catalog.format('%s grants expired more than %s days ago', pg_catalog.count(*),
        pg_catalog.max(s.days)) AS detail,
    pg_catalog.format('DELETE FROM dsvault.user_roles WHERE tenant_id = %L '
        'AND expires_at < now() - interval ''%s days'';', g.tenant_id, pg_catalog.max(s.days))
        AS remedy,
    'C0091 ' || o.object AS key
FROM dsvault.user_roles AS g
    CROSS JOIN LATERAL (SELECT 'tenant ' || g.tenant_id) AS o (object)
    CROSS JOIN LATERAL (
        SELECT coalesce(nullif(pg_catalog.current_setting('doctor.grant_days', true), ''),
            '30')::integer
    ) AS s (days)
WHERE g.expires_at < pg_catalog.now() - pg_catalog.make_interval(days => s.days)
GROUP BY o.object, g.tenant_id
ORDER BY o.object
