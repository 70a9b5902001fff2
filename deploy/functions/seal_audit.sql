-- Deploy dsvault:functions/seal_audit to pg
-- requires: functions/seal_range
-- requires: functions/anchor_audit
--
-- Why:    whoever rewrites the trail past all triggers must rewrite the seals too, and cannot
--         rewrite those that were taken out of the house.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_recorder;
SET LOCAL ROLE dsvault_recorder;

-- SECURITY DEFINER: only the recorder sees the trail of every tenant.
-- A transaction may commit long after others that began later: by time or by a sequence it would
-- be missed. Below the horizon of a snapshot nothing is under way any more. The lock lets one
-- session at a time seal; what it waits for it must then see, hence read committed. Ranges are cut
-- after so many entries, so that a long backlog does not have to fit into memory at once.
CREATE OR REPLACE FUNCTION dsvault.seal_audit()
    RETURNS TABLE (tenant_id uuid, seal_number bigint, entry_count bigint)
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_most    CONSTANT integer := 100000;
    v_horizon xid8;
    v_from    xid8;
    v_first   xid8;
    v_to      xid8;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'the trail is sealed in a transaction of isolation read committed'
            USING ERRCODE = 'DV805', HINT = 'Another one might not see the seals before its own.';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('dsvault.seal_audit', 0));
    v_horizon := pg_snapshot_xmin(pg_current_snapshot());
    v_from := coalesce((SELECT s.to_transaction FROM dsvault.audit_seals AS s
        WHERE s.tenant_id = '00000000-0000-0000-0000-000000000000'
        ORDER BY s.seal_number DESC LIMIT 1), '0');
    IF v_from > v_horizon THEN
        RAISE EXCEPTION 'the server counts transactions from %, but % are sealed already',
            v_horizon, v_from
            USING ERRCODE = 'DV806',
                DETAIL = 'The database was restored from a dump into a server that is younger.',
                HINT = 'Advance the server''s counter with pg_resetwal, options -e and -x.';
    END IF;
    LOOP
        SELECT min(e.transaction_id), max(e.transaction_id) FILTER (WHERE e.place > v_most)
        INTO v_first, v_to
        FROM (
            SELECT a.transaction_id, row_number() OVER (ORDER BY a.transaction_id)
            FROM dsvault.audit_logs AS a
            WHERE a.transaction_id >= v_from AND a.transaction_id < v_horizon
            ORDER BY a.transaction_id LIMIT v_most + 1
        ) AS e (transaction_id, place);
        EXIT WHEN v_first IS NULL;
        v_to := CASE
            WHEN v_to IS NULL THEN v_horizon
            WHEN v_to = v_first THEN (v_to::text::numeric + 1)::text::xid8
            ELSE v_to
        END;
        RETURN QUERY SELECT s.tenant_id, s.seal_number, s.entry_count
            FROM dsvault_private.seal_range(v_from, v_to) AS s;
        v_from := v_to;
    END LOOP;
    PERFORM dsvault_private.anchor_audit();
END;
$$;

COMMENT ON FUNCTION dsvault.seal_audit() IS
    'Seals all audit entries whose transactions have ended, tenant by tenant, each seal chained '
    'to the one before, and anchors each month; returns the new seals, none if there is nothing '
    'new.';

REVOKE ALL ON FUNCTION dsvault.seal_audit() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.seal_audit() TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_recorder;

COMMIT;
