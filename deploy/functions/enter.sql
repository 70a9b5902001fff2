-- Deploy dsvault:functions/enter to pg
-- requires: functions/effective_permissions
--
-- Why:    a transaction says once who it is; everything in it is then judged by that.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: it reads the user's roles before he has any permission to.
-- The settings are made by SET LOCAL, since set_config does not reach the workers of Citus; they
-- end with the transaction, so a pooled connection carries nothing over.
-- app.current_permissions begins with tenant and user: changed alone, the other settings void it.
CREATE OR REPLACE FUNCTION dsvault.enter(tenant_id uuid, user_id uuid)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_permissions text[];
BEGIN
    EXECUTE format('SET LOCAL app.current_tenant_id = %L', coalesce(tenant_id::text, ''));
    v_permissions := dsvault_private.effective_permissions(tenant_id, user_id);
    IF v_permissions = '{}' THEN
        RAISE EXCEPTION 'no live user % in a live tenant %',
            coalesce(user_id::text, 'NULL'), coalesce(tenant_id::text, 'NULL')
            USING ERRCODE = 'DV101',
                DETAIL = 'The user is not in the tenant or not active, or one of the two '
                    'is deleted, or the tenant is suspended.',
                HINT = 'Name a tenant and one of its active users.';
    END IF;
    EXECUTE format('SET LOCAL app.current_user_id = %L', user_id);
    EXECUTE format('SET LOCAL app.current_permissions = %L',
        format('%s %s %s ', tenant_id, user_id, array_to_string(v_permissions, ' ')));
END;
$$;

COMMENT ON FUNCTION dsvault.enter(uuid, uuid) IS
    'Makes the rest of the transaction act as a live user of a live tenant; DV101 for any other.';

REVOKE ALL ON FUNCTION dsvault.enter(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.enter(uuid, uuid)
    TO dsvault_app, dsvault_reader, dsvault_auditor;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
