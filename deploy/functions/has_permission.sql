-- Deploy dsvault:functions/has_permission to pg
-- requires: functions/effective_permissions
-- requires: tables/datasets
-- requires: functions/current_user_id
--
-- Why:    whether a user may do something is asked of the database, and answered yes or no.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

-- A function is created by its owner; the definer may create in the schema for this moment only.
SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: whoever may not read roles may still ask about himself.
-- Never NULL: a policy would take NULL for no, but an application might not.
CREATE OR REPLACE FUNCTION dsvault.has_permission(
    p_user_id     uuid,
    p_permission  text,
    p_resource_id uuid DEFAULT NULL
)
    RETURNS boolean
    LANGUAGE plpgsql
    STABLE
    SECURITY DEFINER
    PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_tenant_id   uuid := dsvault.current_tenant_id();
    v_asker_id    uuid := dsvault.current_user_id();
    v_permissions text[];
BEGIN
    IF v_tenant_id IS NULL OR p_user_id IS NULL OR p_permission IS NULL THEN
        RETURN false;
    END IF;
    IF p_user_id IS DISTINCT FROM v_asker_id AND NOT 'role:read'
        = ANY (dsvault_private.effective_permissions(v_tenant_id, v_asker_id))
    THEN
        RAISE EXCEPTION 'may not ask for the permissions of another user'
            USING ERRCODE = 'DV102',
                HINT = 'Ask about the current user, or act as a user who holds role:read.';
    END IF;

    v_permissions := dsvault_private.effective_permissions(v_tenant_id, p_user_id);
    IF p_permission = ANY (v_permissions) THEN
        RETURN true;
    END IF;
    -- The owner of a dataset holds what can be done to that dataset, as long as he is a live user.
    RETURN 'tenant:member' = ANY (v_permissions)
        AND p_permission IN ('dataset:read', 'dataset:update', 'dataset:delete', 'dataset:restore')
        AND EXISTS (
            SELECT FROM dsvault.datasets AS d
            WHERE d.tenant_id = v_tenant_id AND d.id = p_resource_id AND d.owner_id = p_user_id);
END;
$$;

COMMENT ON FUNCTION dsvault.has_permission(uuid, text, uuid) IS
    'True if the user, of the current tenant, holds the permission, on the dataset if one is '
    'named; false otherwise. '
    'About another user only with role:read (DV102).';

REVOKE ALL ON FUNCTION dsvault.has_permission(uuid, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.has_permission(uuid, text, uuid)
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_recorder, dsvault_finder;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
