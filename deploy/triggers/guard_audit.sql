-- Deploy dsvault:triggers/guard_audit to pg
-- requires: functions/guard_audit
-- requires: tables/audit_logs
-- requires: policies/audit_logs
--
-- Why:    grants keep others from changing the trail; triggers keep its owner from it too.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.audit_logs and its partitions, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- A row trigger is given to every partition, also to those that are made later.
CREATE OR REPLACE TRIGGER _200_refuse
    BEFORE UPDATE OR DELETE ON dsvault.audit_logs
    FOR EACH ROW EXECUTE FUNCTION dsvault_private.tg_audit_logs__refuse();

CREATE OR REPLACE TRIGGER _200_refuse_truncate
    BEFORE TRUNCATE ON dsvault.audit_logs
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg__refuse_truncate();

-- A statement trigger is not. Every partition has it since it was made; whichever lost it has it
-- again once this is run again.
DO $$
DECLARE
    v_partition regclass;
BEGIN
    FOR v_partition IN
        SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i
        WHERE i.inhparent = 'dsvault.audit_logs'::regclass
    LOOP
        EXECUTE pg_catalog.format(
            'CREATE OR REPLACE TRIGGER _200_refuse_truncate BEFORE TRUNCATE ON %s
                FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg__refuse_truncate()',
            v_partition);
    END LOOP;
END;
$$;

COMMIT;
