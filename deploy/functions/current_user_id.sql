-- Deploy dsvault:functions/current_user_id to pg
-- requires: schemas/dsvault
--
-- Why:    policies ask one place for the user of the transaction.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- Reads its setting as current_tenant_id does, for the same reasons.
CREATE OR REPLACE FUNCTION dsvault.current_user_id()
    RETURNS uuid
    LANGUAGE plpgsql
    STABLE
    PARALLEL SAFE
AS $$
DECLARE
    v_setting pg_catalog.text := pg_catalog.current_setting('app.current_user_id', true);
BEGIN
    RETURN CASE
        WHEN v_setting OPERATOR(pg_catalog.~~) '________-____-____-____-____________'
            AND v_setting OPERATOR(pg_catalog.!~~) '%-%-%-%-%-%'
            AND v_setting OPERATOR(pg_catalog.~) '^[-0-9A-Fa-f]*$'
        THEN v_setting::pg_catalog.uuid
    END;
END;
$$;

COMMENT ON FUNCTION dsvault.current_user_id() IS
    'The user that app.current_user_id names for this transaction; NULL if it names none.';

REVOKE ALL ON FUNCTION dsvault.current_user_id() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.current_user_id()
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer,
        dsvault_recorder, dsvault_finder;

COMMIT;
