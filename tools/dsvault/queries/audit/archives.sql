-- What left the trail for files, and whether the trail says the same; $1: of one tenant, or NULL.
SELECT a.tenant_id::text, a.entry_id::text, a.partition_name, a.entry_count, a.file_name,
    a.file_hash,
    ARRAY(SELECT pg_catalog.lower(p) FROM pg_catalog.unnest(a.places) AS p) AS firsts,
    ARRAY(SELECT pg_catalog.upper(p) FROM pg_catalog.unnest(a.places) AS p) AS ends,
    e.id IS NOT NULL AS is_there,
    coalesce(e.action = 'audit.archive' AND e.details @> pg_catalog.jsonb_build_object(
        'partition', a.partition_name, 'entries', a.entry_count, 'places', a.places::text,
        'root_hash', pg_catalog.encode(a.root_hash, 'hex'), 'file', a.file_name,
        'file_hash', pg_catalog.encode(a.file_hash, 'hex')), false) AS is_told
FROM dsvault.audit_archives AS a
    LEFT JOIN dsvault.audit_logs AS e ON e.tenant_id = a.tenant_id
        AND e.created_at = a.archived_at AND e.id = a.entry_id
WHERE $1::uuid IS NULL OR a.tenant_id = $1::uuid
ORDER BY a.tenant_id, a.archived_at, a.entry_id
