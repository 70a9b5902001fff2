-- Finds foreign keys between tenants' tables that do not contain tenant_id on both sides.
--
-- Level: error
-- Why:   a row of one tenant can refer to a row of another; whether it is there can be found out.
SELECT 'C0042' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('may lead to another tenant''s row of %s: %s',
        f.confrelid::pg_catalog.regclass, pg_catalog.pg_get_constraintdef(f.oid)) AS detail,
    pg_catalog.format('ALTER TABLE %I.%I DROP CONSTRAINT %I; '
        '-- then add it again with (tenant_id, …) on both sides', n.nspname, c.relname, f.conname)
        AS remedy,
    'C0042 ' || o.object AS key
FROM pg_catalog.pg_constraint AS f
    JOIN pg_catalog.pg_class AS c ON c.oid = f.conrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute AS t ON t.attrelid = f.conrelid AND t.attname = 'tenant_id'
        AND NOT t.attisdropped
    JOIN pg_catalog.pg_attribute AS r ON r.attrelid = f.confrelid AND r.attname = 'tenant_id'
        AND NOT r.attisdropped
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I on %I.%I', f.conname, n.nspname, c.relname)) AS o (object)
WHERE f.contype = 'f'
    AND f.conparentid = 0
    AND NOT EXISTS (
        SELECT FROM ROWS FROM (pg_catalog.unnest(f.conkey), pg_catalog.unnest(f.confkey))
            AS u (here, there)
        WHERE u.here = t.attnum AND u.there = r.attnum)
ORDER BY o.object
