-- As an operator: stop a tenant for a reason.
SELECT dsvault.suspend_tenant($1::uuid, $2) AS is_changed
