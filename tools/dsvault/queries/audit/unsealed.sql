-- How many entries no seal can vouch for yet: those of transactions from $2; $1: of one tenant.
SELECT pg_catalog.count(*) AS amount
FROM dsvault.audit_logs AS e
WHERE e.transaction_id >= $2::xid8 AND ($1::uuid IS NULL OR e.tenant_id = $1::uuid)
