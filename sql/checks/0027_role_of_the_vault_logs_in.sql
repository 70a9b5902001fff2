-- Finds roles of the vault that are meant to be groups or owners and may log in.
--
-- Level: error
-- Why:   a password of the owner, or one that all applications share, is nobody's in particular.
SELECT 'C0027' AS code,
    'error' AS level,
    r.rolname::text AS object,
    'may log in' AS detail,
    pg_catalog.format('ALTER ROLE %I NOLOGIN PASSWORD NULL;', r.rolname) AS remedy,
    'C0027 ' || r.rolname AS key
FROM pg_catalog.pg_roles AS r
WHERE r.rolcanlogin
    AND r.rolname IN ('dsvault_owner', 'dsvault_definer', 'dsvault_recorder', 'dsvault_finder',
        'dsvault_app', 'dsvault_reader', 'dsvault_auditor', 'dsvault_operator')
ORDER BY r.rolname
