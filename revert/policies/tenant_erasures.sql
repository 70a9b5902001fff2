-- Revert dsvault:policies/tenant_erasures from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.tenant_erasures
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

DROP POLICY IF EXISTS tenant_erasures_definer_update ON dsvault.tenant_erasures;
DROP POLICY IF EXISTS tenant_erasures_definer_insert ON dsvault.tenant_erasures;
DROP POLICY IF EXISTS tenant_erasures_definer_select ON dsvault.tenant_erasures;
DROP POLICY IF EXISTS tenant_erasures_operator_select ON dsvault.tenant_erasures;
DROP POLICY IF EXISTS tenant_isolation_tenant_erasures ON dsvault.tenant_erasures;

ALTER TABLE dsvault.tenant_erasures NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.tenant_erasures DISABLE ROW LEVEL SECURITY;

COMMIT;
