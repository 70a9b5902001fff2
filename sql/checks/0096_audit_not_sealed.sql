-- Finds entries of the audit trail that have ended long ago and that no seal covers.
--
-- Level: warning
-- Settings: seal_hours = 24
-- Needs: to see every tenant's rows: a superuser, or a role with BYPASSRLS and SELECT
-- Why:   what is not sealed can be changed without a trace. Maintenance seals; it has not run, or
--        failed. Entries that a long transaction keeps from being sealed are left out.
SELECT 'C0096' AS code,
    'warning' AS level,
    'dsvault.audit_logs' AS object,
    pg_catalog.format('%s entries since %s are not sealed', e.amount,
        pg_catalog.to_char(e.since, 'YYYY-MM-DD HH24:MI')) AS detail,
    'SELECT * FROM dsvault.seal_audit();' AS remedy,
    'C0096 dsvault.audit_logs' AS key
FROM (
    SELECT pg_catalog.count(*), pg_catalog.min(a.created_at)
    FROM dsvault.audit_logs AS a
    WHERE a.transaction_id >= coalesce((SELECT pg_catalog.max(s.to_transaction)
            FROM dsvault.audit_seals AS s
            WHERE s.tenant_id = '00000000-0000-0000-0000-000000000000'), '0')
        AND a.transaction_id < pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())
        AND a.created_at < pg_catalog.now() - pg_catalog.make_interval(
            hours => coalesce(nullif(pg_catalog.current_setting('doctor.seal_hours', true), ''),
                '24')::integer)
) AS e (amount, since)
WHERE e.amount > 0
ORDER BY e.since
