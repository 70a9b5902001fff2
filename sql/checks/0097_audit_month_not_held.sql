-- Finds months of the audit trail that their owner could drop or detach by one statement.
--
-- Level: error
-- Needs: a superuser, who alone sees which entries hold which months
-- Why:   a month goes through dsvault.archive_audit_partition() alone, and into a file first. A
--        foreign key to one of its entries keeps the rest from happening, and that the owner cannot
--        read the month by its name.
SELECT 'C0097' AS code,
    'error' AS level,
    o.object,
    CASE WHEN NOT k.is_referred THEN 'no foreign key refers to it'
        WHEN k.is_readable THEN 'its owner may read it by its name, and so detach it'
        ELSE 'it has sealed entries, and none of them is referred to' END AS detail,
    CASE WHEN NOT k.is_referred
            THEN '-- find out who took the key away; deploy/tables/audit_anchors.sql tells it: …'
        WHEN k.is_readable THEN pg_catalog.format('REVOKE SELECT ON %s FROM %I;', o.object,
            pg_catalog.pg_get_userbyid(c.relowner))
        ELSE 'SELECT * FROM dsvault.seal_audit();' END AS remedy,
    'C0097 ' || o.object AS key
FROM pg_catalog.pg_inherits AS i
    JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
    CROSS JOIN LATERAL (SELECT i.inhrelid::pg_catalog.regclass::text) AS o (object)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.substring(t.bounds, 'FROM \(''([^'']+)''')::timestamptz,
            pg_catalog.substring(t.bounds, 'TO \(''([^'']+)''')::timestamptz
        FROM (SELECT pg_catalog.pg_get_expr(c.relpartbound, c.oid)) AS t (bounds)
    ) AS b (since, until)
    CROSS JOIN LATERAL (
        SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint AS f
                WHERE f.contype = 'f' AND f.confrelid = c.oid),
            pg_catalog.has_table_privilege(c.relowner, c.oid, 'SELECT'),
            EXISTS (SELECT FROM dsvault_private.audit_anchors AS a
                WHERE a.entry_time >= b.since AND a.entry_time < b.until)
            OR NOT EXISTS (SELECT FROM dsvault.audit_logs AS a
                WHERE a.created_at >= b.since AND a.created_at < b.until
                    AND a.transaction_id < (SELECT pg_catalog.max(s.to_transaction)
                        FROM dsvault.audit_seals AS s
                        WHERE s.tenant_id = '00000000-0000-0000-0000-000000000000'))
    ) AS k (is_referred, is_readable, is_held)
WHERE i.inhparent = 'dsvault.audit_logs'::pg_catalog.regclass
    AND NOT (k.is_referred AND NOT k.is_readable AND k.is_held)
ORDER BY o.object
