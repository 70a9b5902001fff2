-- Finds application logins that can act as an owner of the vault.
--
-- Level: error
-- Why:   the owners can lift row-level security and change every function; an application's login
--        must not be able to become one.
WITH RECURSIVE reach (member, role) AS (
    SELECT m.member, m.roleid
    FROM pg_catalog.pg_auth_members AS m
    -- Since PostgreSQL 16 a membership may give neither rights nor SET ROLE.
    WHERE coalesce((pg_catalog.to_jsonb(m) ->> 'set_option')::boolean, true)
        OR coalesce((pg_catalog.to_jsonb(m) ->> 'inherit_option')::boolean, true)
    UNION
    SELECT r.member, m.roleid
    FROM reach AS r JOIN pg_catalog.pg_auth_members AS m ON m.member = r.role
    WHERE coalesce((pg_catalog.to_jsonb(m) ->> 'set_option')::boolean, true)
        OR coalesce((pg_catalog.to_jsonb(m) ->> 'inherit_option')::boolean, true)
)
SELECT 'C0025' AS code,
    'error' AS level,
    o.object,
    pg_catalog.format('is a member of %s and can act as %s', pg_catalog.string_agg(DISTINCT
        a.rolname::text, ', '), w.rolname) AS detail,
    pg_catalog.format('REVOKE %I FROM %s;', w.rolname, o.object) AS remedy,
    pg_catalog.format('C0025 %s %s', o.object, w.rolname) AS key
FROM pg_catalog.pg_roles AS l
    CROSS JOIN LATERAL (SELECT pg_catalog.quote_ident(l.rolname)) AS o (object)
    JOIN reach AS ra ON ra.member = l.oid
    JOIN pg_catalog.pg_roles AS a ON a.oid = ra.role
        AND a.rolname IN ('dsvault_app', 'dsvault_reader', 'dsvault_auditor', 'dsvault_operator')
    JOIN reach AS rw ON rw.member = l.oid
    JOIN pg_catalog.pg_roles AS w ON w.oid = rw.role
        AND w.rolname IN ('dsvault_owner', 'dsvault_definer', 'dsvault_recorder', 'dsvault_finder')
WHERE l.rolcanlogin
GROUP BY o.object, w.rolname
ORDER BY o.object, w.rolname
