-- What is behind tokens, for a reason: $1 ids, $2 why.
SELECT d.id, d.pii_type, d.is_expired, d.encrypted_value
FROM dsvault.detokenize($1::uuid[], $2) AS d
