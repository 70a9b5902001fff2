-- Deploy dsvault:functions/current_tenant_id to pg
-- requires: schemas/dsvault
--
-- Why:    policies and column defaults ask one place for the tenant of the transaction.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- An empty setting is what SET LOCAL leaves behind after the transaction; a malformed one means no
-- tenant. Neither may raise: an error inside a policy would tell more than an empty result.
-- The pattern stands in for an exception block, which parallel workers cannot run.
-- PL/pgSQL, because a function that the planner inlines costs more at planning than it saves.
CREATE OR REPLACE FUNCTION dsvault.current_tenant_id()
    RETURNS uuid
    LANGUAGE plpgsql
    STABLE
    PARALLEL SAFE
AS $$
DECLARE
    v_setting text := pg_catalog.current_setting('app.current_tenant_id', true);
BEGIN
    IF v_setting OPERATOR(pg_catalog.~)
        '^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$'
    THEN
        RETURN v_setting::pg_catalog.uuid;
    END IF;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION dsvault.current_tenant_id() IS
    'The tenant that app.current_tenant_id names for this transaction; NULL if it names none.';

REVOKE ALL ON FUNCTION dsvault.current_tenant_id() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.current_tenant_id()
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

COMMIT;
