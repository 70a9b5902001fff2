-- Verify dsvault:roles/dsvault_owner on pg

BEGIN;

-- The verify kit comes after this role, so the question is asked of the catalog directly.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_roles AS r
        WHERE r.rolname = 'dsvault_owner'
            AND NOT r.rolcanlogin AND NOT r.rolinherit AND NOT r.rolsuper AND NOT r.rolbypassrls
            AND NOT r.rolcreaterole AND NOT r.rolcreatedb AND NOT r.rolreplication)
    THEN
        RAISE EXCEPTION 'role dsvault_owner is missing or may do more than it should'
            USING ERRCODE = 'DV001',
                HINT = 'Expected: NOLOGIN NOINHERIT and no other attribute.';
    END IF;
    IF EXISTS (
        SELECT FROM pg_catalog.pg_auth_members AS m
            JOIN pg_catalog.pg_roles AS r ON r.oid = m.member
        WHERE r.rolname = 'dsvault_owner'
            AND pg_catalog.pg_get_userbyid(m.roleid)
                NOT IN ('dsvault_definer', 'dsvault_recorder', 'dsvault_finder'))
    THEN
        RAISE EXCEPTION 'role dsvault_owner is a member of roles that own no functions of dsvault'
            USING ERRCODE = 'DV001', HINT = 'Revoke those roles from it.';
    END IF;
    IF pg_catalog.shobj_description(
        (SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname = 'dsvault_owner'), 'pg_authid')
        IS DISTINCT FROM 'Owns the schemas, tables and invoker functions of dsvault; '
            'deploy scripts act as it; nobody logs in as it.'
    THEN
        RAISE EXCEPTION 'role dsvault_owner does not have its comment'
            USING ERRCODE = 'DV001', HINT = 'Compare with deploy/roles/dsvault_owner.sql.';
    END IF;
END;
$$;

-- Fails unless the deployer may act as the owner.
SET LOCAL ROLE dsvault_owner;

ROLLBACK;
