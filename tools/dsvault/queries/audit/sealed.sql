-- The seal that lists the entry $2, of the tenant $1 if that is not NULL, and its place in there.
SELECT s.tenant_id::text, s.seal_number, s.from_transaction::text, s.to_transaction::text,
    s.leaf_hashes, pg_catalog.array_position(s.entry_ids, $2::uuid) AS place
FROM dsvault.audit_seals AS s
WHERE ($1::uuid IS NULL OR s.tenant_id = $1::uuid) AND $2::uuid = ANY (s.entry_ids)
ORDER BY s.seal_number
