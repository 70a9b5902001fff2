-- Tokens by their hashes; answered by tokens_hash_unique.
SELECT t.id, t.token_hash, coalesce(t.expires_at <= statement_timestamp(), false) AS is_expired
FROM dsvault.tokens AS t
WHERE t.tenant_id = dsvault.current_tenant_id() AND t.token_hash = ANY ($1::text[])
