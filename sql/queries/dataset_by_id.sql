-- One dataset of the session's tenant, by its id.
--
-- $1      id of the dataset
-- Index:  datasets_pkey (tenant_id, id); the tenant comes from the policies.
-- Rows:   one, or none if the dataset is another tenant's or the user may not read it.

SELECT id, name, owner_id, schema_id, created_at
FROM dsvault.datasets
WHERE id = $1;
