-- Revert dsvault:triggers/guard_audit from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DO $$
DECLARE
    v_partition regclass;
BEGIN
    FOR v_partition IN
        SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i
        WHERE i.inhparent = 'dsvault.audit_logs'::regclass
    LOOP
        EXECUTE pg_catalog.format(
            'DROP TRIGGER IF EXISTS _200_refuse_truncate ON %s', v_partition);
    END LOOP;
END;
$$;
DROP TRIGGER IF EXISTS _200_refuse_truncate ON dsvault.audit_logs;
DROP TRIGGER IF EXISTS _200_refuse ON dsvault.audit_logs;

COMMIT;
