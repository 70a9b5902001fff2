-- How many records the session's tenant has.
--
-- Index:  one of each partition that begins with tenant_id, read without its table; the tenant comes
--         from the policies.
-- Rows:   one.

SELECT count(*)
FROM dsvault.records;
