-- Deploy dsvault:functions/soft_delete to pg
-- requires: schemas/dsvault
--
-- Why:    a deleted row says so in every column that can say it, and comes back by restoring only.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- Tables with is_deleted pass the argument 'is_deleted'; flag and time then follow each other.
-- Restoring is done by functions of the definer, hence the question who is asking.
-- The time of an UPDATE is its transaction's; what is loaded as deleted keeps its own.
CREATE OR REPLACE FUNCTION dsvault.soft_delete()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_flagged boolean := TG_NARGS > 0;
    v_was     boolean := TG_OP = 'UPDATE' AND OLD.deleted_at IS NOT NULL;
    v_is      boolean := NEW.deleted_at IS NOT NULL;
BEGIN
    IF v_flagged THEN
        -- Whichever of the two columns the statement changed is what it meant.
        IF NEW.is_deleted IS DISTINCT FROM v_was THEN
            v_is := NEW.is_deleted;
        END IF;
        NEW.is_deleted := v_is;
    END IF;

    IF v_was AND NOT v_is AND current_user <> 'dsvault_definer' THEN
        RAISE EXCEPTION 'Cannot undelete records. Use explicit restore procedure.'
            USING ERRCODE = 'DV103',
                DETAIL = format('Row %s was deleted at %s.', NEW.id, OLD.deleted_at),
                HINT = 'Call the restore function of this kind of row.';
    END IF;

    NEW.deleted_at := CASE
        WHEN NOT v_is THEN NULL
        WHEN v_was THEN OLD.deleted_at
        WHEN TG_OP = 'INSERT' THEN least(NEW.deleted_at, now())
        ELSE now()
    END;
    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION dsvault.soft_delete() IS
    'Row trigger before INSERT and UPDATE: keeps is_deleted and deleted_at in step, refuses '
    'to undelete (DV103).';

REVOKE ALL ON FUNCTION dsvault.soft_delete() FROM PUBLIC;

COMMIT;
