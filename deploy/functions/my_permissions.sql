-- Deploy dsvault:functions/my_permissions to pg
-- requires: functions/effective_permissions
-- requires: functions/current_user_id
--
-- Why:    an application shows what its user may do; a policy refuses to hand on more than that.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: whoever may not read roles may still ask about himself.
CREATE OR REPLACE FUNCTION dsvault.my_permissions()
    RETURNS jsonb
    LANGUAGE plpgsql
    STABLE
    SECURITY DEFINER
    PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN to_jsonb(array_remove(dsvault_private.effective_permissions(
        dsvault.current_tenant_id(), dsvault.current_user_id()), 'tenant:member'));
END;
$$;

COMMENT ON FUNCTION dsvault.my_permissions() IS
    'JSON array of the permissions that the current user holds by his roles, sorted; empty '
    'for nobody.';

REVOKE ALL ON FUNCTION dsvault.my_permissions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.my_permissions()
    TO dsvault_app, dsvault_reader, dsvault_auditor;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
