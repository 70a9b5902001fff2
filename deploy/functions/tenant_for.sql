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
CREATE OR REPLACE FUNCTION dsvault.tenant_for(permission text)
    RETURNS uuid
    LANGUAGE plpgsql
    STABLE
    PARALLEL SAFE
AS $$
DECLARE
    v_tenant_id pg_catalog.uuid := dsvault.current_tenant_id();
    v_entered   pg_catalog.text := pg_catalog.current_setting('app.current_permissions', true);
BEGIN
    -- Two UUIDs and a blank behind each are 74 characters.
    IF pg_catalog.left(v_entered, 74) OPERATOR(pg_catalog.=) pg_catalog.concat(
        v_tenant_id, ' ', pg_catalog.current_setting('app.current_user_id', true), ' ')
    THEN
        RETURN CASE
            WHEN pg_catalog.strpos(v_entered, pg_catalog.concat(' ', permission, ' '))
                OPERATOR(pg_catalog.>) 0
            THEN v_tenant_id
        END;
    END IF;
    IF dsvault.has_permission(dsvault.current_user_id(), permission) THEN
        RETURN v_tenant_id;
    END IF;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION dsvault.tenant_for(text) IS
    'The current tenant if the current user holds the permission, NULL otherwise; '
    'tenant:member asks for a live user only.';

REVOKE ALL ON FUNCTION dsvault.tenant_for(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.tenant_for(text)
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_recorder, dsvault_definer;

COMMIT;
