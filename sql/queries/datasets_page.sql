-- The next fifty living datasets of the session's tenant, newest first.
--
-- $1      created_at of the last one on the page before, or infinity for the first page
-- Index:  idx_datasets_tenant_created (tenant_id, created_at DESC), or idx_datasets_created_at where
--         few are deleted, read in its order: no sort, and no more rows than are shown. The tenant
--         comes from the policies.
-- Rows:   fifty at most.

SELECT id, name, owner_id, created_at
FROM dsvault.datasets
WHERE deleted_at IS NULL AND created_at < $1
ORDER BY created_at DESC
LIMIT 50;
