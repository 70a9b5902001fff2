-- Deploy dsvault:policies/audit_archives to pg
-- requires: tables/audit_archives
-- requires: functions/tenant_for
--
-- Why:    who may read the trail sees what left it; nobody writes that by hand.
-- Locks:  ACCESS EXCLUSIVE on dsvault.audit_archives, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.audit_archives ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.audit_archives FORCE ROW LEVEL SECURITY;

-- The floor below every policy. dsvault_operator sees the list and is not below it.
DROP POLICY IF EXISTS tenant_isolation_audit_archives ON dsvault.audit_archives;
CREATE POLICY tenant_isolation_audit_archives ON dsvault.audit_archives AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_audit_archives ON dsvault.audit_archives IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS audit_archives_app_select ON dsvault.audit_archives;
CREATE POLICY audit_archives_app_select ON dsvault.audit_archives FOR SELECT
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.tenant_for('audit:read')));
COMMENT ON POLICY audit_archives_app_select ON dsvault.audit_archives IS
    'audit:read sees what left the audit trail of the tenant.';

DROP POLICY IF EXISTS audit_archives_operator_select ON dsvault.audit_archives;
CREATE POLICY audit_archives_operator_select ON dsvault.audit_archives FOR SELECT
    TO dsvault_operator
    USING (true);
COMMENT ON POLICY audit_archives_operator_select ON dsvault.audit_archives IS
    'Operators see which months were archived.';

DROP POLICY IF EXISTS audit_archives_recorder_insert ON dsvault.audit_archives;
CREATE POLICY audit_archives_recorder_insert ON dsvault.audit_archives FOR INSERT
    TO dsvault_recorder
    WITH CHECK (true);
COMMENT ON POLICY audit_archives_recorder_insert ON dsvault.audit_archives IS
    'The recorder notes what leaves the trail of every tenant.';

DROP POLICY IF EXISTS audit_archives_recorder_select ON dsvault.audit_archives;
CREATE POLICY audit_archives_recorder_select ON dsvault.audit_archives FOR SELECT
    TO dsvault_recorder
    USING (true);
COMMENT ON POLICY audit_archives_recorder_select ON dsvault.audit_archives IS
    'The recorder sees what left the trail of every tenant.';

REVOKE ALL ON dsvault.audit_archives
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer,
        dsvault_recorder;
GRANT SELECT ON dsvault.audit_archives
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator;
GRANT SELECT, INSERT ON dsvault.audit_archives TO dsvault_recorder;

COMMIT;
