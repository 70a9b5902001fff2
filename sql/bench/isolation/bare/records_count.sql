-- sql/queries/records_count.sql with the tenant, $1, written into it.

SELECT count(*)
FROM dsvault.records
WHERE tenant_id = $1;
