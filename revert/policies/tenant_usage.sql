-- Revert dsvault:policies/tenant_usage from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.tenant_usage
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

DROP POLICY IF EXISTS tenant_usage_definer_update ON dsvault.tenant_usage;
DROP POLICY IF EXISTS tenant_usage_definer_insert ON dsvault.tenant_usage;
DROP POLICY IF EXISTS tenant_usage_definer_select ON dsvault.tenant_usage;
DROP POLICY IF EXISTS tenant_usage_operator_select ON dsvault.tenant_usage;
DROP POLICY IF EXISTS tenant_usage_app_select ON dsvault.tenant_usage;
DROP POLICY IF EXISTS tenant_isolation_tenant_usage ON dsvault.tenant_usage;

ALTER TABLE dsvault.tenant_usage NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.tenant_usage DISABLE ROW LEVEL SECURITY;

COMMIT;
