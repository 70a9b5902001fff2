-- Records that carry a token, oldest version first: $1 token, $2 how many at most.
-- Records stay when their dataset is marked deleted; one that the user does not see has its id for
-- a name.
SELECT coalesce(d.name, r.dataset_id::text) AS dataset, v.version_number AS version, v.status,
    r.dataset_id, r.version_id, r.record_id, r.pointer
FROM dsvault.token_records($1) AS r
    JOIN dsvault.dataset_versions AS v
        ON v.tenant_id = dsvault.current_tenant_id() AND v.dataset_id = r.dataset_id
            AND v.id = r.version_id
    LEFT JOIN dsvault.datasets AS d ON d.tenant_id = v.tenant_id AND d.id = r.dataset_id
ORDER BY 1, v.version_number, r.record_id, r.pointer
LIMIT $2::integer
