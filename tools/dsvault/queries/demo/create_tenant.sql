-- As an operator: a tenant with its roles and its first administrator, under ids of our choice.
SELECT true AS done FROM dsvault.create_tenant($1, $2, $3, $4, NULL, $5::uuid, $6::uuid)
