-- Finds a cluster whose pages have no checksums.
--
-- Level: warning
-- Why:   a page that a disk returned wrong is believed. Changed only while the server is down.
SELECT 'C0079' AS code,
    'warning' AS level,
    s.name AS object,
    'data_checksums = off: damage by the disk is not noticed' AS detail,
    '-- stop the server, then: pg_checksums --enable --pgdata …' AS remedy,
    'C0079 ' || s.name AS key
FROM pg_catalog.pg_settings AS s
WHERE s.name = 'data_checksums'
    AND s.setting = 'off'
