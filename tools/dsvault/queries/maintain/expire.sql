-- As an operator: what of a tenant has reached its time.
SELECT e.keys + e.grants + e.tokens AS amount FROM dsvault.expire($1::uuid) AS e
