-- All living datasets of the session's tenant, newest first.
--
-- Index:  idx_datasets_tenant_created (tenant_id, created_at DESC), or another that begins with the
--         tenant, and a sort; the tenant comes from the policies.
-- Rows:   as many as the tenant has and the user may read. For a screenful see datasets_page.sql.

SELECT id, name, owner_id, created_at
FROM dsvault.datasets
WHERE deleted_at IS NULL
ORDER BY created_at DESC;
