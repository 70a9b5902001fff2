-- Deploy dsvault:functions/guard_status to pg
-- requires: schemas/dsvault_private
-- requires: functions/status_transitions
--
-- Why:    a hash that can be edited vouches for nothing: what is published, in use or revoked stays
--         as it is, and a status changes along declared ways only.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- They come after the row, so that row security has its say first.
CREATE OR REPLACE FUNCTION dsvault_private.tg__transition()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_from    text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END;
    v_allowed text;
BEGIN
    IF EXISTS (
        SELECT FROM dsvault.status_transitions() AS t
        WHERE t.kind = TG_ARGV[0] AND t.to_status = NEW.status
            AND t.from_status IS NOT DISTINCT FROM v_from)
    THEN
        RETURN NULL;
    END IF;
    SELECT string_agg(t.to_status, ', ' ORDER BY t.to_status) INTO v_allowed
    FROM dsvault.status_transitions() AS t
    WHERE t.kind = TG_ARGV[0] AND t.from_status IS NOT DISTINCT FROM v_from;
    RAISE EXCEPTION '% % cannot become % from %',
        TG_ARGV[0], NEW.id, NEW.status, coalesce(v_from, 'nothing')
        USING ERRCODE = 'DV701',
            DETAIL = format('From %s it may become: %s.',
                coalesce(v_from, 'nothing'), coalesce(v_allowed, 'nothing else')),
            HINT = 'SELECT * FROM dsvault.status_transitions() shows every way there is.';
END;
$$;

-- Arguments: the kind, then the columns that may still change. Deleting a parent sets the column
-- that names it to NULL, by way of the foreign key; that is let through. Nobody else can do it: no
-- role may update that column. Who the trigger runs as would not tell: before PostgreSQL 18 that is
-- who deletes the parent, not the owner.
CREATE OR REPLACE FUNCTION dsvault_private.tg__frozen()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_old     jsonb := to_jsonb(OLD);
    v_new     jsonb := to_jsonb(NEW);
    v_changed text[] := ARRAY(
        SELECT n.key FROM jsonb_each(v_new) AS n
        WHERE n.value IS DISTINCT FROM v_old -> n.key AND n.key <> ALL (TG_ARGV[1:])
        ORDER BY n.key);
BEGIN
    IF v_changed = '{}'
        OR (v_changed IN ('{parent_version_id}', '{parent_schema_id}')
            AND v_new ->> v_changed[1] IS NULL)
    THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% % is % and does not change', TG_ARGV[0], OLD.id, OLD.status
        USING ERRCODE = 'DV702',
            DETAIL = format('The statement changes %s; only %s may change.',
                array_to_string(v_changed, ', '), array_to_string(TG_ARGV[1:], ', ')),
            HINT = format('Make a new %s instead.', TG_ARGV[0]);
END;
$$;

COMMENT ON FUNCTION dsvault_private.tg__transition() IS
    'Row trigger after INSERT and UPDATE: refuses a status that may not follow the one before '
    '(DV701).';
COMMENT ON FUNCTION dsvault_private.tg__frozen() IS
    'Row trigger after UPDATE: refuses to change any column but those it is given (DV702).';

REVOKE ALL ON FUNCTION dsvault_private.tg__transition() FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.tg__frozen() FROM PUBLIC;

COMMIT;
