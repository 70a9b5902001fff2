-- Where sealing stopped each time, in order, with what was sealed; $1: of one tenant, or NULL.
SELECT s.to_transaction::text AS "end", pg_catalog.count(*) AS seals,
    pg_catalog.sum(s.entry_count)::bigint AS entries
FROM dsvault.audit_seals AS s
WHERE $1::uuid IS NULL OR s.tenant_id = $1::uuid
GROUP BY s.to_transaction
ORDER BY s.to_transaction
