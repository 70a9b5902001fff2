-- As an operator: one step of an erasure.
SELECT e.is_finished FROM dsvault.erase_tenant($1::uuid, $2, $3) AS e
