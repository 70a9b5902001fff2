-- Revert dsvault:policies/audit_archives from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.audit_archives
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer,
        dsvault_recorder;

DROP POLICY IF EXISTS audit_archives_recorder_select ON dsvault.audit_archives;
DROP POLICY IF EXISTS audit_archives_recorder_insert ON dsvault.audit_archives;
DROP POLICY IF EXISTS audit_archives_operator_select ON dsvault.audit_archives;
DROP POLICY IF EXISTS audit_archives_app_select ON dsvault.audit_archives;
DROP POLICY IF EXISTS tenant_isolation_audit_archives ON dsvault.audit_archives;

ALTER TABLE dsvault.audit_archives NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.audit_archives DISABLE ROW LEVEL SECURITY;

COMMIT;
