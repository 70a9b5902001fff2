-- Where sealing stopped each time, in order; $1: of one tenant, or NULL.
SELECT s.to_transaction::text AS name
FROM dsvault.audit_seals AS s
WHERE $1::uuid IS NULL OR s.tenant_id = $1::uuid
GROUP BY s.to_transaction
ORDER BY s.to_transaction
