-- Revert dsvault:policies/audit_logs from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.audit_logs
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer,
        dsvault_recorder;

DROP POLICY IF EXISTS audit_logs_recorder_select ON dsvault.audit_logs;
DROP POLICY IF EXISTS audit_logs_recorder_insert ON dsvault.audit_logs;
DROP POLICY IF EXISTS audit_logs_app_select ON dsvault.audit_logs;
DROP POLICY IF EXISTS tenant_isolation_audit ON dsvault.audit_logs;

ALTER TABLE dsvault.audit_logs NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.audit_logs DISABLE ROW LEVEL SECURITY;

COMMIT;
