-- The operator names the tenant that he works on, for this transaction: $1 tenant.
SELECT set_config('app.current_tenant_id', $1::text, true) IS NOT NULL AS done
