-- Finds settings of the server that give up durability.
--
-- Level: error
-- Why:   with fsync or full_page_writes off a crash can ruin the whole cluster; with
--        synchronous_commit off the last transactions that were reported as committed are lost.
SELECT 'C0076' AS code,
    CASE s.name WHEN 'synchronous_commit' THEN 'warning' ELSE 'error' END AS level,
    s.name AS object,
    pg_catalog.format('%s = %s: %s', s.name, s.setting, CASE s.name
        WHEN 'synchronous_commit' THEN 'a crash loses what was reported as committed'
        ELSE 'a crash can ruin the whole cluster' END) AS detail,
    pg_catalog.format('ALTER SYSTEM SET %I = on; SELECT pg_reload_conf();', s.name) AS remedy,
    'C0076 ' || s.name AS key
FROM pg_catalog.pg_settings AS s
WHERE s.name IN ('fsync', 'full_page_writes', 'synchronous_commit')
    AND s.reset_val = 'off'
ORDER BY s.name
