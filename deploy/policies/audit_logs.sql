-- Deploy dsvault:policies/audit_logs to pg
-- requires: tables/audit_logs
-- requires: functions/tenant_for
--
-- Why:    the trail is read by those who may, and written by nobody by hand.
-- Locks:  ACCESS EXCLUSIVE on dsvault.audit_logs, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.audit_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.audit_logs FORCE ROW LEVEL SECURITY;

-- The floor below every policy.
DROP POLICY IF EXISTS tenant_isolation_audit ON dsvault.audit_logs;
CREATE POLICY tenant_isolation_audit ON dsvault.audit_logs AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_audit ON dsvault.audit_logs IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS audit_logs_app_select ON dsvault.audit_logs;
CREATE POLICY audit_logs_app_select ON dsvault.audit_logs FOR SELECT
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.tenant_for('audit:read')));
COMMENT ON POLICY audit_logs_app_select ON dsvault.audit_logs IS
    'audit:read sees the audit trail of the tenant.';

DROP POLICY IF EXISTS audit_logs_recorder_insert ON dsvault.audit_logs;
CREATE POLICY audit_logs_recorder_insert ON dsvault.audit_logs FOR INSERT
    TO dsvault_recorder
    WITH CHECK (true);
COMMENT ON POLICY audit_logs_recorder_insert ON dsvault.audit_logs IS
    'The recorder writes the entries of whichever tenant a statement touched.';

DROP POLICY IF EXISTS audit_logs_recorder_select ON dsvault.audit_logs;
CREATE POLICY audit_logs_recorder_select ON dsvault.audit_logs FOR SELECT
    TO dsvault_recorder
    USING (true);
COMMENT ON POLICY audit_logs_recorder_select ON dsvault.audit_logs IS
    'The recorder seals the trail of every tenant.';

REVOKE ALL ON dsvault.audit_logs
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer,
        dsvault_recorder;
GRANT SELECT ON dsvault.audit_logs TO dsvault_app, dsvault_reader, dsvault_auditor;
GRANT SELECT, INSERT ON dsvault.audit_logs TO dsvault_recorder;
-- Nobody writes, changes or removes an entry by hand.
-- dsvault_operator: no access.

COMMIT;
