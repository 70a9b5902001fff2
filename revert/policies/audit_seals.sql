-- Revert dsvault:policies/audit_seals from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.audit_seals
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer,
        dsvault_recorder;

DROP POLICY IF EXISTS audit_seals_recorder_select ON dsvault.audit_seals;
DROP POLICY IF EXISTS audit_seals_recorder_insert ON dsvault.audit_seals;
DROP POLICY IF EXISTS audit_seals_app_select ON dsvault.audit_seals;
DROP POLICY IF EXISTS tenant_isolation_audit_seals ON dsvault.audit_seals;

ALTER TABLE dsvault.audit_seals NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.audit_seals DISABLE ROW LEVEL SECURITY;

COMMIT;
