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
-- The patterns stand in for an exception block, which parallel workers cannot run: length and place
-- of the hyphens, no other hyphen, nothing but hexadecimal digits. One regular expression that says
-- it all takes four times as long.
-- Even types of variables are qualified: they are looked up when the caller's session first calls,
-- and a caller's domain named text would run its CHECK as the definer of a function above.
-- PL/pgSQL, because a function that the planner inlines costs more at planning than it saves.
CREATE OR REPLACE FUNCTION dsvault.current_tenant_id()
    RETURNS uuid
    LANGUAGE plpgsql
    STABLE
    PARALLEL SAFE
AS $$
DECLARE
    v_setting pg_catalog.text := pg_catalog.current_setting('app.current_tenant_id', true);
BEGIN
    RETURN CASE
        WHEN v_setting OPERATOR(pg_catalog.~~) '________-____-____-____-____________'
            AND v_setting OPERATOR(pg_catalog.!~~) '%-%-%-%-%-%'
            AND v_setting OPERATOR(pg_catalog.~) '^[-0-9A-Fa-f]*$'
        THEN v_setting::pg_catalog.uuid
    END;
END;
$$;

COMMENT ON FUNCTION dsvault.current_tenant_id() IS
    'The tenant that app.current_tenant_id names for this transaction; NULL if it names none.';

REVOKE ALL ON FUNCTION dsvault.current_tenant_id() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.current_tenant_id()
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer,
        dsvault_recorder, dsvault_finder;

COMMIT;
