-- As an operator: mark a tenant deleted.
SELECT dsvault.close_tenant($1::uuid) AS is_changed
