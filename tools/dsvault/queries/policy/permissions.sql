-- Every permission that a role of a tenant can hold.
SELECT p.permission AS name
FROM pg_catalog.jsonb_array_elements_text(dsvault.permission_catalogue()) AS p (permission)
