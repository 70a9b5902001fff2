-- Deploy dsvault:policies/tenants to pg
-- requires: tables/tenants
-- requires: functions/tenant_for
--
-- Why:    a session sees its own tenant and no other; provisioning sees the list.
-- Locks:  ACCESS EXCLUSIVE on dsvault.tenants, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.tenants FORCE ROW LEVEL SECURITY;

-- The floor below every policy. dsvault_operator sees the list and is not below it.
DROP POLICY IF EXISTS tenant_isolation_tenants ON dsvault.tenants;
CREATE POLICY tenant_isolation_tenants ON dsvault.tenants AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_tenants ON dsvault.tenants IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS tenants_app_select ON dsvault.tenants;
CREATE POLICY tenants_app_select ON dsvault.tenants FOR SELECT
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (id = (SELECT dsvault.tenant_for('tenant:member')));
COMMENT ON POLICY tenants_app_select ON dsvault.tenants IS
    'A live user sees his own tenant.';

DROP POLICY IF EXISTS tenants_operator_select ON dsvault.tenants;
CREATE POLICY tenants_operator_select ON dsvault.tenants FOR SELECT
    TO dsvault_operator
    USING (true);
COMMENT ON POLICY tenants_operator_select ON dsvault.tenants IS
    'Provisioning lists all tenants; it sees nothing inside of them.';

DROP POLICY IF EXISTS tenants_definer_select ON dsvault.tenants;
CREATE POLICY tenants_definer_select ON dsvault.tenants FOR SELECT
    TO dsvault_definer
    USING (id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenants_definer_select ON dsvault.tenants IS
    'Definer functions see the tenant they work for.';

DROP POLICY IF EXISTS tenants_definer_insert ON dsvault.tenants;
CREATE POLICY tenants_definer_insert ON dsvault.tenants FOR INSERT
    TO dsvault_definer
    WITH CHECK (id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenants_definer_insert ON dsvault.tenants IS
    'Provisioning makes the tenant it works for.';

DROP POLICY IF EXISTS tenants_definer_update ON dsvault.tenants;
CREATE POLICY tenants_definer_update ON dsvault.tenants FOR UPDATE
    TO dsvault_definer
    USING (id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenants_definer_update ON dsvault.tenants IS
    'Definer functions change the tenant they work for.';

DROP POLICY IF EXISTS tenants_owner_all ON dsvault.tenants;
CREATE POLICY tenants_owner_all ON dsvault.tenants FOR ALL
    TO dsvault_owner
    USING (id = '00000000-0000-0000-0000-000000000000')
    WITH CHECK (id = '00000000-0000-0000-0000-000000000000');
COMMENT ON POLICY tenants_owner_all ON dsvault.tenants IS
    'Deployment keeps the system tenant.';

DROP POLICY IF EXISTS tenants_definer_delete ON dsvault.tenants;
CREATE POLICY tenants_definer_delete ON dsvault.tenants FOR DELETE
    TO dsvault_definer
    USING (id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenants_definer_delete ON dsvault.tenants IS
    'Erasure removes the tenant it works for.';

REVOKE ALL ON dsvault.tenants
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;
GRANT SELECT ON dsvault.tenants TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator;
GRANT SELECT, INSERT, DELETE ON dsvault.tenants TO dsvault_definer;
GRANT UPDATE (suspended_at, suspension_reason, storage_quota_bytes, is_deleted, deleted_at)
    ON dsvault.tenants TO dsvault_definer;
-- dsvault_app: no INSERT, UPDATE, DELETE; operators provision tenants through functions.

COMMIT;
