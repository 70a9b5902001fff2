-- Finds replication slots that nobody reads from.
--
-- Level: warning
-- Why:   the server keeps all log since, until the disk is full.
SELECT 'C0075' AS code,
    'warning' AS level,
    o.object,
    pg_catalog.format('%s slot without a reader keeps %s of log', s.slot_type,
        coalesce(pg_catalog.pg_size_pretty(pg_catalog.pg_wal_lsn_diff(
            CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                ELSE pg_catalog.pg_current_wal_lsn() END, s.restart_lsn)), 'nothing')) AS detail,
    pg_catalog.format('SELECT pg_drop_replication_slot(%L);', s.slot_name) AS remedy,
    'C0075 ' || o.object AS key
FROM pg_catalog.pg_replication_slots AS s
    CROSS JOIN LATERAL (SELECT s.slot_name::text) AS o (object)
WHERE NOT s.active
    AND NOT s.temporary
ORDER BY o.object
