-- As anybody: how many rows of another tenant can be reached by naming it.
SELECT (SELECT count(*) FROM dsvault.records AS r WHERE r.tenant_id = $1::uuid)
    + (SELECT count(*) FROM dsvault.datasets AS d WHERE d.tenant_id = $1::uuid)
    + (SELECT count(*) FROM dsvault.users AS u WHERE u.tenant_id = $1::uuid) AS rows
