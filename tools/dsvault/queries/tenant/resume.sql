-- As an operator: let a suspended tenant go on.
SELECT dsvault.resume_tenant($1::uuid) AS is_changed
