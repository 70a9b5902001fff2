-- As an operator: in whose name one works for a tenant; $1 tenant, $2 address or NULL.
SELECT dsvault.find_user($1::uuid, $2) AS id
