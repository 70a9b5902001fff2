-- As an operator: archived months that are not dropped yet, with the file of the last archive.
SELECT DISTINCT ON (p.partition_name) p.partition_name, p.bytes AS size, a.from_time, a.to_time,
    a.file_name, a.file_hash, e.entry_count
FROM dsvault.archived_audit_partitions() AS p
    JOIN dsvault.audit_archives AS a ON a.partition_name = p.partition_name
        AND a.tenant_id = '00000000-0000-0000-0000-000000000000'
    CROSS JOIN LATERAL (
        SELECT pg_catalog.sum(o.entry_count)::bigint
        FROM dsvault.audit_archives AS o
        WHERE o.partition_name = a.partition_name AND o.archived_at = a.archived_at
    ) AS e (entry_count)
ORDER BY p.partition_name, a.archived_at DESC
