-- Deploy dsvault:facts/database to pg
-- requires: facts/security
--
-- Why:    what PUBLIC may do, and what later objects start with, is stated as text.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

CREATE OR REPLACE FUNCTION dsvault_facts.creators_in_database()
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(format('%s holds %s on %s', g.grantee, a.privilege_type, s.subject)
        ORDER BY s.subject, a.privilege_type), '{}')
    FROM (
        SELECT 'the database', d.datdba, coalesce(d.datacl, acldefault('d', d.datdba))
        FROM pg_database AS d
        WHERE d.datname = current_database()
        UNION ALL
        SELECT 'schema public', n.nspowner, coalesce(n.nspacl, acldefault('n', n.nspowner))
        FROM pg_namespace AS n
        WHERE n.nspname = 'public'
    ) AS s (subject, owner, acl),
    aclexplode(s.acl) AS a,
    LATERAL (
        SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END
    ) AS g (grantee)
    -- CONNECT and USAGE are the administrator's to give; only what creates objects is ours to take.
    WHERE a.privilege_type IN ('CREATE', 'TEMPORARY')
        AND a.grantee <> s.owner
        AND g.grantee IN ('PUBLIC', 'dsvault_owner', 'dsvault_definer', 'dsvault_recorder',
            'dsvault_finder', 'dsvault_app', 'dsvault_reader', 'dsvault_auditor',
            'dsvault_operator');
$$;

CREATE OR REPLACE FUNCTION dsvault_facts.defaults_of_owners()
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(format('default privileges of %s%s on %s: %s',
        pg_get_userbyid(a.defaclrole),
        ' in schema ' || nullif(a.defaclnamespace, 0)::regnamespace,
        CASE a.defaclobjtype WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'r' THEN 'tables'
            WHEN 'S' THEN 'sequences' ELSE 'schemas' END,
        coalesce(nullif(array_to_string(
            dsvault_facts.acl_lines(a.defaclacl, a.defaclrole), '; '), ''), 'none'))
        ORDER BY a.defaclrole, a.defaclobjtype), '{}')
    FROM pg_default_acl AS a
    WHERE pg_get_userbyid(a.defaclrole) IN ('dsvault_owner', 'dsvault_definer',
        'dsvault_recorder', 'dsvault_finder');
$$;

COMMENT ON FUNCTION dsvault_facts.creators_in_database() IS
    'One line a privilege to create objects, on this database or schema public, that PUBLIC or '
    'a role of the vault holds.';
COMMENT ON FUNCTION dsvault_facts.defaults_of_owners() IS
    'One line a kind of object whose default privileges an owner of the vault''s objects changed.';

REVOKE ALL ON FUNCTION dsvault_facts.creators_in_database() FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_facts.defaults_of_owners() FROM PUBLIC;

COMMIT;
