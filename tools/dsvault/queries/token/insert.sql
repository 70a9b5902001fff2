-- Tokens that are not there yet: $1 type, $2 expiry; $3 ids, $4 hashes, $5 encrypted values.
WITH made AS (
    INSERT INTO dsvault.tokens (id, token_hash, encrypted_value, pii_type, expires_at)
    SELECT t.id, t.token_hash, t.encrypted_value, $1, $2::timestamptz
    FROM unnest($3::uuid[], $4::text[], $5::bytea[]) AS t (id, token_hash, encrypted_value)
    ON CONFLICT (tenant_id, token_hash) DO NOTHING
    RETURNING 1
)
SELECT count(*)::integer AS rows FROM made AS m
