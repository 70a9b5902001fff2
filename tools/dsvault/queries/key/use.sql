-- What a key encrypts, in the tenant of the transaction: $1 key.
SELECT u.datasets, u.records, u.tokens, u.messages, u.is_held
FROM dsvault.key_use($1::uuid) AS u
