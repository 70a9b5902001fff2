-- Deploy dsvault:functions/guard_deletion to pg
-- requires: functions/has_permission
--
-- Why:    whoever may change a row may not therefore delete it: marking it deleted takes the same
--         permission as deleting it.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- Asks on behalf of whoever the transaction is; nobody in particular is refused.
CREATE OR REPLACE FUNCTION dsvault_private.tg__may_delete()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT dsvault.has_permission(dsvault.current_user_id(), TG_ARGV[0], OLD.id) THEN
        IF OLD.id = dsvault.current_user_id() THEN -- gone by now, so he holds nothing any more
            RAISE EXCEPTION 'user % cannot mark himself deleted', OLD.id
                USING ERRCODE = 'DV202', HINT = 'Ask somebody else who holds user:delete.';
        END IF;
        RAISE EXCEPTION 'marking row % deleted takes the permission %', OLD.id, TG_ARGV[0]
            USING ERRCODE = 'DV202',
                HINT = 'Ask somebody who holds the permission; a dataset''s owner does.';
    END IF;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION dsvault_private.tg__may_delete() IS
    'Row trigger after UPDATE: refuses to mark a row deleted without the permission it is '
    'given (DV202).';

REVOKE ALL ON FUNCTION dsvault_private.tg__may_delete() FROM PUBLIC;

COMMIT;
