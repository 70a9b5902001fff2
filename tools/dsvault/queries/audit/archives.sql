-- What left the trail for files; $1: of one tenant, or NULL. is_told: the entry of the tenant's
-- newest archive is in the trail, and tells all that is written down of the tenant's archives.
SELECT a.tenant_id::text, a.entry_id::text, a.entry_count, a.file_name, a.file_hash,
    ARRAY(SELECT pg_catalog.lower(p) FROM pg_catalog.unnest(a.places) AS p) AS firsts,
    ARRAY(SELECT pg_catalog.upper(p) FROM pg_catalog.unnest(a.places) AS p) AS ends,
    t.is_told
FROM dsvault.audit_archives AS a
    JOIN (
        SELECT w.tenant_id, coalesce(pg_catalog.bool_or(e.action = 'audit.archive'
            AND e.details ->> 'archives' = pg_catalog.encode(w.said, 'hex')), false)
        FROM (
            SELECT o.tenant_id,
                (pg_catalog.array_agg(o.entry_id ORDER BY o.archived_at DESC, o.entry_id DESC))[1],
                pg_catalog.max(o.archived_at),
                pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.string_agg(
                    pg_catalog.jsonb_build_array(o.entry_id, o.partition_name,
                        EXTRACT(epoch FROM o.from_time)::text, EXTRACT(epoch FROM o.to_time)::text,
                        o.entry_count, o.places::text, pg_catalog.encode(o.root_hash, 'hex'),
                        o.file_name, pg_catalog.encode(o.file_hash, 'hex'),
                        EXTRACT(epoch FROM o.archived_at)::text)::text, ''
                    ORDER BY o.archived_at, o.entry_id), 'UTF8'))
            FROM dsvault.audit_archives AS o
            GROUP BY o.tenant_id
        ) AS w (tenant_id, entry_id, archived_at, said)
            LEFT JOIN dsvault.audit_logs AS e ON e.tenant_id = w.tenant_id
                AND e.created_at = w.archived_at AND e.id = w.entry_id
        GROUP BY w.tenant_id
    ) AS t (tenant_id, is_told) ON t.tenant_id = a.tenant_id
WHERE $1::uuid IS NULL OR a.tenant_id = $1::uuid
ORDER BY a.tenant_id, a.archived_at, a.entry_id
