-- Deploy dsvault:functions/deleted_rows to pg
-- requires: policies/datasets
-- requires: policies/users
-- requires: functions/tenant_for
--
-- Why:    policies hide what is deleted; whoever may restore it has to find it.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: the caller's policies hide these rows. Each shows what the caller may restore,
-- and nothing to anybody else. PL/pgSQL: a body in SQL is tried when it is created, and deploying
-- refuses what row security would change.
CREATE OR REPLACE FUNCTION dsvault.deleted_datasets()
    RETURNS TABLE (id uuid, name text, owner_id uuid, deleted_at timestamptz)
    LANGUAGE plpgsql
    STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT d.id, d.name::text, d.owner_id, d.deleted_at
    FROM dsvault.datasets AS d
    WHERE d.tenant_id = (SELECT dsvault.tenant_for('tenant:member'))
        AND d.deleted_at IS NOT NULL
        AND ((SELECT dsvault.tenant_for('dataset:restore')) IS NOT NULL
            OR d.owner_id = (SELECT dsvault.current_user_id()))
    ORDER BY d.deleted_at DESC, d.id;
END;
$$;

-- SECURITY DEFINER: for the same reason.
CREATE OR REPLACE FUNCTION dsvault.deleted_users()
    RETURNS TABLE (id uuid, email text, name text, deleted_at timestamptz)
    LANGUAGE plpgsql
    STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT u.id, u.email::text, u.name::text, u.deleted_at
    FROM dsvault.users AS u
    WHERE u.tenant_id = (SELECT dsvault.tenant_for('user:delete'))
        AND u.is_deleted
    ORDER BY u.deleted_at DESC, u.id;
END;
$$;

COMMENT ON FUNCTION dsvault.deleted_datasets() IS
    'Deleted datasets of the current tenant that the current user may restore, the last one first: '
    'all of them with dataset:restore, else his own.';
COMMENT ON FUNCTION dsvault.deleted_users() IS
    'Deleted users of the current tenant, the last one first; nobody without user:delete.';

REVOKE ALL ON FUNCTION dsvault.deleted_datasets() FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault.deleted_users() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.deleted_datasets() TO dsvault_app, dsvault_reader;
GRANT EXECUTE ON FUNCTION dsvault.deleted_users() TO dsvault_app, dsvault_reader;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
