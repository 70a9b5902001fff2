-- As an operator: one step of a tenant's retention.
SELECT dsvault.apply_retention($1::uuid, $2) AS amount
