-- Finds a server on which nothing cleans up by itself.
--
-- Level: warning
-- Why:   dead rows stay, statistics age, and the run against wraparound comes all at once. Without
--        track_counts autovacuum does not know where to go.
SELECT 'C0082' AS code,
    'warning' AS level,
    s.name AS object,
    pg_catalog.format('%s = off', s.name) AS detail,
    pg_catalog.format('ALTER SYSTEM SET %I = on; SELECT pg_reload_conf();', s.name) AS remedy,
    'C0082 ' || s.name AS key
FROM pg_catalog.pg_settings AS s
WHERE s.name IN ('autovacuum', 'track_counts')
    AND s.reset_val = 'off'
ORDER BY s.name
