-- Revert dsvault:policies/schemas from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.schemas
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

DROP POLICY IF EXISTS schemas_definer_delete ON dsvault.schemas;
DROP POLICY IF EXISTS schemas_definer_select ON dsvault.schemas;
DROP POLICY IF EXISTS schemas_auditor_select ON dsvault.schemas;
DROP POLICY IF EXISTS schemas_app_update ON dsvault.schemas;
DROP POLICY IF EXISTS schemas_app_insert ON dsvault.schemas;
DROP POLICY IF EXISTS schemas_app_select ON dsvault.schemas;
DROP POLICY IF EXISTS tenant_isolation_schemas ON dsvault.schemas;

ALTER TABLE dsvault.schemas NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.schemas DISABLE ROW LEVEL SECURITY;

COMMIT;
