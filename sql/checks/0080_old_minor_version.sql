-- Finds a server with known holes in row-level security.
--
-- Level: error
-- Settings: server_version_num = the server's own; set it to ask about another
-- Why:   the holes let sessions see or change rows that policies hide. A minor upgrade needs no
--        dump.
SELECT 'C0080' AS code,
    'error' AS level,
    'PostgreSQL ' || v.number / 10000 || '.' || v.number % 10000 AS object,
    pg_catalog.string_agg(pg_catalog.format('%s: %s (fixed in %s.%s)', h.name, h.what,
        h.fixed / 10000, h.fixed % 10000), '; ' ORDER BY h.fixed, h.name) AS detail,
    pg_catalog.format('-- install PostgreSQL %s.%s or later and restart', v.number / 10000,
        pg_catalog.max(h.fixed) % 10000) AS remedy,
    'C0080 server' AS key
FROM (
    SELECT coalesce(nullif(pg_catalog.current_setting('doctor.server_version_num', true), ''),
        pg_catalog.current_setting('server_version_num'))::integer
) AS v (number)
    JOIN (VALUES
        ('CVE-2023-2455', 150003, 'policies of another user after inlining'),
        ('CVE-2023-39418', 150004, 'MERGE skips policies for UPDATE and SELECT'),
        ('CVE-2024-10976', 150009, 'policies of another user below subqueries'),
        ('CVE-2024-10976', 160005, 'policies of another user below subqueries'),
        ('CVE-2024-10976', 170001, 'policies of another user below subqueries'),
        ('CVE-2024-10978', 150009, 'SET ROLE may reset to the wrong user'),
        ('CVE-2024-10978', 160005, 'SET ROLE may reset to the wrong user'),
        ('CVE-2024-10978', 170001, 'SET ROLE may reset to the wrong user'),
        ('CVE-2025-8713', 150014, 'statistics show rows of partitions that policies hide'),
        ('CVE-2025-8713', 160010, 'statistics show rows of partitions that policies hide'),
        ('CVE-2025-8713', 170006, 'statistics show rows of partitions that policies hide')
    ) AS h (name, fixed, what) ON h.fixed / 10000 = v.number / 10000 AND v.number < h.fixed
GROUP BY v.number
