-- Revert dsvault:policies/tenants from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.tenants
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

DROP POLICY IF EXISTS tenants_definer_delete ON dsvault.tenants;
DROP POLICY IF EXISTS tenants_owner_all ON dsvault.tenants;
DROP POLICY IF EXISTS tenants_definer_update ON dsvault.tenants;
DROP POLICY IF EXISTS tenants_definer_insert ON dsvault.tenants;
DROP POLICY IF EXISTS tenants_definer_select ON dsvault.tenants;
DROP POLICY IF EXISTS tenants_operator_select ON dsvault.tenants;
DROP POLICY IF EXISTS tenants_app_select ON dsvault.tenants;
DROP POLICY IF EXISTS tenant_isolation_tenants ON dsvault.tenants;

ALTER TABLE dsvault.tenants NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.tenants DISABLE ROW LEVEL SECURITY;

COMMIT;
