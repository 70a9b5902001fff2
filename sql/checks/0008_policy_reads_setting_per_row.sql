-- Finds policies that read a session value once a row instead of once a statement.
--
-- Level: warning
-- Why:   outside of a sub-select the function is called for every row that is looked at, and its
--        result cannot choose an index once.
SELECT 'C0008' AS code,
    'warning' AS level,
    o.object,
    'calls for every row: ' || pg_catalog.array_to_string(x.calls, ', ') AS detail,
    pg_catalog.format('-- write (SELECT %s) in: ALTER POLICY %I ON %I.%I …;',
        x.calls[1], p.polname, n.nspname, c.relname) AS remedy,
    'C0008 ' || o.object AS key
FROM pg_catalog.pg_policy AS p
    JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
        SELECT pg_catalog.format('%I on %I.%I', p.polname, n.nspname, c.relname)) AS o (object)
    CROSS JOIN LATERAL (
        -- PostgreSQL writes a sub-select as `( SELECT …`; what remains is not in one.
        SELECT pg_catalog.array_agg(DISTINCT m.call[1] || '()')
        FROM pg_catalog.regexp_matches(
            pg_catalog.regexp_replace(
                pg_catalog.concat_ws(' ', pg_catalog.pg_get_expr(p.polqual, p.polrelid),
                    pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)),
                '\( SELECT [^()]*(\([^()]*(\([^()]*\)[^()]*)*\)[^()]*)*\)', '', 'g'),
            '((?:\w+\.)?(?:current_setting|current_tenant_id|current_user_id|tenant_for|'
            'has_permission))\(', 'g') AS m (call)
    ) AS x (calls)
WHERE x.calls IS NOT NULL
ORDER BY o.object
