-- As an operator: bring a closed tenant back.
SELECT dsvault.restore_tenant($1::uuid) IS NOT NULL AS is_changed
