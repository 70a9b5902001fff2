-- Revert dsvault:policies/audit_logs from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.audit_logs
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

DROP POLICY IF EXISTS audit_logs_app_select ON dsvault.audit_logs;
DROP POLICY IF EXISTS tenant_isolation_audit ON dsvault.audit_logs;

DO $$
DECLARE
    v_partition regclass;
BEGIN
    FOR v_partition IN
        SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i
        WHERE i.inhparent = 'dsvault.audit_logs'::regclass
    LOOP
        EXECUTE pg_catalog.format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', v_partition);
        EXECUTE pg_catalog.format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', v_partition);
    END LOOP;
END;
$$;

ALTER TABLE dsvault.audit_logs NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.audit_logs DISABLE ROW LEVEL SECURITY;

COMMIT;
