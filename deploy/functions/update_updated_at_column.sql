-- Deploy dsvault:functions/update_updated_at_column to pg
-- requires: schemas/dsvault
--
-- Why:    updated_at tells when a row last changed, whoever changed it.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- An UPDATE that changes nothing leaves updated_at alone: caches compare it.
CREATE OR REPLACE FUNCTION dsvault.update_updated_at_column()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW IS DISTINCT FROM OLD THEN
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION dsvault.update_updated_at_column() IS
    'Row trigger before UPDATE: sets updated_at to the transaction''s time if anything changed.';

REVOKE ALL ON FUNCTION dsvault.update_updated_at_column() FROM PUBLIC;

COMMIT;
