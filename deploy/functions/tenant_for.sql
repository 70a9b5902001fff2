-- Deploy dsvault:functions/tenant_for to pg
-- requires: functions/has_permission
--
-- Why:    a policy asks for tenant and permission at once, and compares one value with the row.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- After enter() the answer stands in a setting; with the two settings alone it is looked up.
-- NULL equals no row, so a policy that compares with it lets nothing through.
-- The setting begins with tenant and user as enter() was told them. They are compared as texts, and
-- the tenant is read as current_tenant_id reads it, without a call, which would cost as much again.
CREATE OR REPLACE FUNCTION dsvault.tenant_for(permission text)
    RETURNS uuid
    LANGUAGE plpgsql
    STABLE
    PARALLEL SAFE
AS $$
DECLARE
    v_tenant  pg_catalog.text := pg_catalog.current_setting('app.current_tenant_id', true);
    v_entered pg_catalog.text := pg_catalog.current_setting('app.current_permissions', true);
BEGIN
    -- Two UUIDs and a blank behind each are 74 characters.
    IF pg_catalog.left(v_entered, 74) OPERATOR(pg_catalog.=) (v_tenant OPERATOR(pg_catalog.||) ' '
        OPERATOR(pg_catalog.||) pg_catalog.current_setting('app.current_user_id', true)
        OPERATOR(pg_catalog.||) ' ')
    THEN
        RETURN CASE
            WHEN pg_catalog.strpos(v_entered,
                    ' ' OPERATOR(pg_catalog.||) permission OPERATOR(pg_catalog.||) ' ')
                OPERATOR(pg_catalog.>) 0
                AND v_tenant OPERATOR(pg_catalog.~~) '________-____-____-____-____________'
                AND v_tenant OPERATOR(pg_catalog.!~~) '%-%-%-%-%-%'
                AND v_tenant OPERATOR(pg_catalog.~) '^[-0-9A-Fa-f]*$'
            THEN v_tenant::pg_catalog.uuid
        END;
    END IF;
    IF dsvault.has_permission(dsvault.current_user_id(), permission) THEN
        RETURN dsvault.current_tenant_id();
    END IF;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION dsvault.tenant_for(text) IS
    'The current tenant if the current user holds the permission, NULL otherwise; '
    'tenant:member asks for a live user only.';

REVOKE ALL ON FUNCTION dsvault.tenant_for(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.tenant_for(text)
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_recorder, dsvault_definer,
        dsvault_finder;

COMMIT;
