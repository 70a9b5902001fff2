-- As an operator: a tenant with its roles and first administrator.
-- $1 slug, $2 name, $3 address, $4 name of the administrator, $5 quota in bytes or NULL.
SELECT c.tenant_id, c.admin_id
FROM dsvault.create_tenant($1, $2, $3, $4, $5::bigint) AS c
