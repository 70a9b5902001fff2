-- Deploy dsvault:functions/maintain to pg
-- requires: functions/ensure_audit_partitions
-- requires: functions/seal_audit
-- requires: functions/expire
-- requires: functions/retention
-- requires: functions/recount_usage
--
-- Why:    whatever has to happen regularly is one call, which a scheduler in the database can
--         make.
-- Locks:  none. When called: those of the functions that it calls.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- As the caller, a member of dsvault_operator: it only calls what operators may call. It commits
-- after every step, so it holds no lock for long, and what is done stays done.
CREATE OR REPLACE PROCEDURE dsvault.maintain(months_ahead integer DEFAULT 3)
    LANGUAGE plpgsql
AS $$
DECLARE
    v_tenants pg_catalog.uuid[];
    v_id      pg_catalog.uuid;
BEGIN
    PERFORM dsvault.ensure_audit_partitions(months_ahead);
    COMMIT;
    PERFORM dsvault.seal_audit();
    COMMIT;
    v_tenants := ARRAY(SELECT t.id FROM dsvault.tenants AS t ORDER BY t.id);
    FOREACH v_id IN ARRAY v_tenants LOOP
        PERFORM dsvault.expire(v_id);
        PERFORM dsvault.recount_usage(v_id);
        COMMIT;
        WHILE dsvault.apply_retention(v_id) OPERATOR(pg_catalog.>) 0 LOOP
            COMMIT;
        END LOOP;
        COMMIT;
    END LOOP;
END;
$$;

COMMENT ON PROCEDURE dsvault.maintain(integer) IS
    'Makes audit partitions, seals the trail, and for every tenant expires, recounts and applies '
    'retention; commits after each step. It can be called at any time, by several at once.';

REVOKE ALL ON PROCEDURE dsvault.maintain(integer) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE dsvault.maintain(integer) TO dsvault_operator;

COMMIT;
