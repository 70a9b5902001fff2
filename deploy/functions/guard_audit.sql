-- Deploy dsvault:functions/guard_audit to pg
-- requires: schemas/dsvault_private
--
-- Why:    the trail is only ever added to; who must change it says so in the trail first.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_recorder;
SET LOCAL ROLE dsvault_recorder;

-- SECURITY DEFINER: whoever changes an entry, the trail itself is asked whether it was said.
-- An entry that broke the glass is never changed; it tells who did it, and why.
CREATE OR REPLACE FUNCTION dsvault_private.tg_audit_logs__refuse()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF OLD.action = 'audit.break_glass' OR NOT EXISTS (
        SELECT FROM dsvault.audit_logs AS a
        WHERE a.tenant_id IN (OLD.tenant_id, '00000000-0000-0000-0000-000000000000')
            AND a.action = 'audit.break_glass'
            AND a.transaction_id = pg_current_xact_id())
    THEN
        RAISE EXCEPTION 'the audit trail is not changed: % of entry %', TG_OP, OLD.id
            USING ERRCODE = 'DV801',
                HINT = 'An owner who must may call dsvault.break_audit_glass(reason) first, in the '
                    'same transaction; that is an entry too, and stays.';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END;
$$;

COMMENT ON FUNCTION dsvault_private.tg_audit_logs__refuse() IS
    'Row trigger: refuses to change or remove an audit entry (DV801) unless the glass was '
    'broken in this transaction.';

REVOKE ALL ON FUNCTION dsvault_private.tg_audit_logs__refuse() FROM PUBLIC;
-- Making a trigger takes the right to execute its function; the owner makes them.
GRANT EXECUTE ON FUNCTION dsvault_private.tg_audit_logs__refuse() TO dsvault_owner;

SET LOCAL ROLE dsvault_owner;

-- Every partition has it too: truncating one by its own name fires no trigger of the parent.
CREATE OR REPLACE FUNCTION dsvault_private.tg__refuse_truncate()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is not truncated: %', TG_TABLE_NAME
        USING ERRCODE = 'DV801', HINT = 'dsvault audit archive lets whole months go instead.';
END;
$$;

CREATE OR REPLACE FUNCTION dsvault_private.tg_audit_seals__refuse()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'a seal is not changed: % of seal % of tenant %',
        TG_OP, OLD.seal_number, OLD.tenant_id
        USING ERRCODE = 'DV801',
            HINT = 'Sealing goes on behind it; verification tells what a seal no longer matches.';
END;
$$;

CREATE OR REPLACE FUNCTION dsvault_private.tg_audit_archives__refuse()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'what left the audit trail stays written down: % of % of tenant %',
        TG_OP, OLD.partition_name, OLD.tenant_id
        USING ERRCODE = 'DV801', HINT = 'Without it verification calls the entries removed.';
END;
$$;

COMMENT ON FUNCTION dsvault_private.tg__refuse_truncate() IS
    'Statement trigger: refuses to truncate the audit trail or one of its partitions (DV801).';
COMMENT ON FUNCTION dsvault_private.tg_audit_seals__refuse() IS
    'Row trigger: refuses to change or remove a seal (DV801).';

COMMENT ON FUNCTION dsvault_private.tg_audit_archives__refuse() IS
    'Row trigger: refuses to change or remove the record of an archived month (DV801).';

REVOKE ALL ON FUNCTION dsvault_private.tg_audit_archives__refuse() FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.tg_audit_seals__refuse() FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.tg__refuse_truncate() FROM PUBLIC;

REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_recorder;

COMMIT;
