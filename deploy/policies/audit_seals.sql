-- Deploy dsvault:policies/audit_seals to pg
-- requires: tables/audit_seals
-- requires: functions/tenant_for
--
-- Why:    who may read the trail may check it; nobody writes a seal by hand.
-- Locks:  ACCESS EXCLUSIVE on dsvault.audit_seals, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.audit_seals ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.audit_seals FORCE ROW LEVEL SECURITY;

-- The floor below every policy.
DROP POLICY IF EXISTS tenant_isolation_audit_seals ON dsvault.audit_seals;
CREATE POLICY tenant_isolation_audit_seals ON dsvault.audit_seals AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_audit_seals ON dsvault.audit_seals IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS audit_seals_app_select ON dsvault.audit_seals;
CREATE POLICY audit_seals_app_select ON dsvault.audit_seals FOR SELECT
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.tenant_for('audit:read')));
COMMENT ON POLICY audit_seals_app_select ON dsvault.audit_seals IS
    'audit:read checks the audit trail of the tenant.';

DROP POLICY IF EXISTS audit_seals_recorder_insert ON dsvault.audit_seals;
CREATE POLICY audit_seals_recorder_insert ON dsvault.audit_seals FOR INSERT
    TO dsvault_recorder
    WITH CHECK (true);
COMMENT ON POLICY audit_seals_recorder_insert ON dsvault.audit_seals IS
    'The recorder seals the trail of every tenant.';

DROP POLICY IF EXISTS audit_seals_recorder_select ON dsvault.audit_seals;
CREATE POLICY audit_seals_recorder_select ON dsvault.audit_seals FOR SELECT
    TO dsvault_recorder
    USING (true);
COMMENT ON POLICY audit_seals_recorder_select ON dsvault.audit_seals IS
    'The recorder goes on where it left off, for every tenant.';

REVOKE ALL ON dsvault.audit_seals
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer,
        dsvault_recorder;
GRANT SELECT ON dsvault.audit_seals TO dsvault_app, dsvault_reader, dsvault_auditor;
GRANT SELECT, INSERT ON dsvault.audit_seals TO dsvault_recorder;
-- dsvault_operator: no access; dsvault.seal_audit() tells what it sealed.

COMMIT;
