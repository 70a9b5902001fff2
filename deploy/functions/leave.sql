-- Deploy dsvault:functions/leave to pg
-- requires: schemas/dsvault
--
-- Why:    a transaction can stop being somebody before it ends.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

CREATE OR REPLACE FUNCTION dsvault.leave()
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
AS $$
BEGIN
    SET LOCAL app.current_tenant_id = '';
    SET LOCAL app.current_user_id = '';
    SET LOCAL app.current_permissions = '';
END;
$$;

COMMENT ON FUNCTION dsvault.leave() IS
    'Makes the rest of the transaction act as nobody: no tenant, no user, no permissions.';

REVOKE ALL ON FUNCTION dsvault.leave() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.leave() TO dsvault_app, dsvault_reader, dsvault_auditor;

COMMIT;
