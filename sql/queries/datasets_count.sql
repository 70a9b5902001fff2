-- How many living datasets the session's tenant has.
--
-- Index:  one that begins with tenant_id; the tenant comes from the policies.
-- Rows:   one.

SELECT count(*)
FROM dsvault.datasets
WHERE deleted_at IS NULL;
