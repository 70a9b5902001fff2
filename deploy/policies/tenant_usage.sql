-- Deploy dsvault:policies/tenant_usage to pg
-- requires: tables/tenant_usage
-- requires: functions/tenant_for
--
-- Why:    a tenant sees what it uses; operators see what all use; nobody writes it by hand.
-- Locks:  ACCESS EXCLUSIVE on dsvault.tenant_usage, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.tenant_usage ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.tenant_usage FORCE ROW LEVEL SECURITY;

-- The floor below every policy. dsvault_operator sees the list and is not below it.
DROP POLICY IF EXISTS tenant_isolation_tenant_usage ON dsvault.tenant_usage;
CREATE POLICY tenant_isolation_tenant_usage ON dsvault.tenant_usage AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_tenant_usage ON dsvault.tenant_usage IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS tenant_usage_app_select ON dsvault.tenant_usage;
CREATE POLICY tenant_usage_app_select ON dsvault.tenant_usage FOR SELECT
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.tenant_for('tenant:member')));
COMMENT ON POLICY tenant_usage_app_select ON dsvault.tenant_usage IS
    'A live user sees what his tenant uses.';

DROP POLICY IF EXISTS tenant_usage_operator_select ON dsvault.tenant_usage;
CREATE POLICY tenant_usage_operator_select ON dsvault.tenant_usage FOR SELECT
    TO dsvault_operator
    USING (true);
COMMENT ON POLICY tenant_usage_operator_select ON dsvault.tenant_usage IS
    'Operators see what every tenant uses.';

DROP POLICY IF EXISTS tenant_usage_definer_select ON dsvault.tenant_usage;
CREATE POLICY tenant_usage_definer_select ON dsvault.tenant_usage FOR SELECT
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_usage_definer_select ON dsvault.tenant_usage IS
    'Definer functions see what the tenant uses that they work for.';

DROP POLICY IF EXISTS tenant_usage_definer_insert ON dsvault.tenant_usage;
CREATE POLICY tenant_usage_definer_insert ON dsvault.tenant_usage FOR INSERT
    TO dsvault_definer
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_usage_definer_insert ON dsvault.tenant_usage IS
    'Definer functions begin to count.';

DROP POLICY IF EXISTS tenant_usage_definer_update ON dsvault.tenant_usage;
CREATE POLICY tenant_usage_definer_update ON dsvault.tenant_usage FOR UPDATE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_usage_definer_update ON dsvault.tenant_usage IS
    'Definer functions keep the count.';

REVOKE ALL ON dsvault.tenant_usage
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;
GRANT SELECT ON dsvault.tenant_usage
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator;
GRANT SELECT, INSERT ON dsvault.tenant_usage TO dsvault_definer;
GRANT UPDATE (amount) ON dsvault.tenant_usage TO dsvault_definer;
-- Nobody writes it by hand.

COMMIT;
