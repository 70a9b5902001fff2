-- As an operator: sums of a tenant that were wrong.
SELECT dsvault.recount_usage($1::uuid) AS amount
