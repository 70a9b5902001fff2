-- As an administrator: tokens in place of e-mail addresses.
WITH made AS (
    INSERT INTO dsvault.tokens (id, token_hash, encrypted_value, pii_type)
    SELECT t.id, t.token_hash, t.encrypted_value, 'email'
    FROM unnest($1::uuid[], $2::text[], $3::bytea[]) AS t (id, token_hash, encrypted_value)
    RETURNING octet_length(encrypted_value) AS bytes
)
SELECT count(*) AS rows, coalesce(sum(m.bytes), 0)::bigint AS bytes FROM made AS m
