-- The next tokens of a type: $1 type, $2 the last id before them, $3 how many.
SELECT t.id, t.token_hash
FROM dsvault.tokens AS t
WHERE t.tenant_id = dsvault.current_tenant_id() AND t.pii_type = $1 AND t.id > $2::uuid
ORDER BY t.id
LIMIT $3::integer
