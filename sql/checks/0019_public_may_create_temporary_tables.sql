-- Finds the database's leave for everybody to create temporary tables.
--
-- Level: warning
-- Why:   a temporary table or type comes first wherever a search_path does not say otherwise.
SELECT 'C0019' AS code,
    'warning' AS level,
    o.object,
    'everybody may create temporary tables' AS detail,
    pg_catalog.format('REVOKE TEMPORARY ON DATABASE %s FROM PUBLIC;', o.object) AS remedy,
    'C0019 ' || o.object AS key
FROM pg_catalog.pg_database AS d
    CROSS JOIN LATERAL (SELECT pg_catalog.quote_ident(d.datname)) AS o (object)
WHERE d.datname = pg_catalog.current_database()
    AND EXISTS (
        SELECT FROM pg_catalog.aclexplode(
            coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) AS a
        WHERE a.grantee = 0 AND a.privilege_type = 'TEMPORARY')
ORDER BY o.object
