-- As an administrator: tokens in place of e-mail addresses.
WITH made AS (
    INSERT INTO dsvault.tokens (token_hash, encrypted_value, pii_type)
    SELECT t.token_hash, t.encrypted_value, 'email'
    FROM unnest($1::text[], $2::bytea[]) AS t (token_hash, encrypted_value)
    RETURNING octet_length(encrypted_value) AS bytes
)
SELECT count(*) AS rows, coalesce(sum(m.bytes), 0)::bigint AS bytes FROM made AS m
