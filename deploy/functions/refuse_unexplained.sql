-- Deploy dsvault:functions/refuse_unexplained to pg
-- requires: schemas/dsvault_private
--
-- Why:    looking behind tokens takes a permission and a reason; two functions ask for both.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- The tenant is NULL where the permission is missing: tenant_for says so.
CREATE OR REPLACE FUNCTION dsvault_private.refuse_unexplained(tenant_id uuid, reason text)
    RETURNS void
    LANGUAGE plpgsql
    IMMUTABLE
    PARALLEL SAFE
AS $$
BEGIN
    IF refuse_unexplained.tenant_id IS NULL THEN
        RAISE EXCEPTION 'looking behind tokens takes the permission token:detokenize'
            USING ERRCODE = 'DV602',
                HINT = 'Ask somebody who holds it.';
    END IF;
    IF coalesce(refuse_unexplained.reason, '') !~ '\S' THEN
        RAISE EXCEPTION 'looking behind tokens takes a reason'
            USING ERRCODE = 'DV603',
                HINT = 'Say why: a ticket, a request, a law. It is written into the audit trail.';
    END IF;
END;
$$;

COMMENT ON FUNCTION dsvault_private.refuse_unexplained(uuid, text) IS
    'Refuses no tenant (DV602), which means no permission, and no reason (DV603).';

REVOKE ALL ON FUNCTION dsvault_private.refuse_unexplained(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault_private.refuse_unexplained(uuid, text) TO dsvault_definer;

COMMIT;
