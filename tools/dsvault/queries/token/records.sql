-- Records that carry a token, oldest version first: $1 token, $2 how many at most.
-- It reads the tenant's records that have annotations; no index can be used inside of them below
-- row security, since no operator of jsonb is leakproof. Records stay when their dataset is marked
-- deleted; one that the user does not see has its id for a name.
SELECT coalesce(d.name, r.dataset_id::text) AS dataset, v.version_number AS version, v.status,
    r.dataset_id, r.version_id, r.id AS record_id, a.pointer
FROM dsvault.records AS r
    CROSS JOIN LATERAL (
        SELECT e.key AS pointer
        FROM jsonb_each(r.pii_annotations) AS e
        WHERE $1 IN (e.value ->> 'token', e.value ->> 'spelling')
    ) AS a
    JOIN dsvault.dataset_versions AS v
        ON v.tenant_id = r.tenant_id AND v.dataset_id = r.dataset_id AND v.id = r.version_id
    LEFT JOIN dsvault.datasets AS d ON d.tenant_id = r.tenant_id AND d.id = r.dataset_id
WHERE r.tenant_id = dsvault.current_tenant_id() AND r.pii_annotations IS NOT NULL
    AND jsonb_path_exists(r.pii_annotations, '$.* ? (@.token == $token || @.spelling == $token)',
        jsonb_build_object('token', $1::text))
ORDER BY 1, v.version_number, r.id, a.pointer
LIMIT $2::integer
