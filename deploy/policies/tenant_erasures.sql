-- Deploy dsvault:policies/tenant_erasures to pg
-- requires: tables/tenant_erasures
--
-- Why:    operators see what was erased; nobody writes it by hand.
-- Locks:  ACCESS EXCLUSIVE on dsvault.tenant_erasures, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.tenant_erasures ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.tenant_erasures FORCE ROW LEVEL SECURITY;

-- The floor below every policy. dsvault_operator sees the list and is not below it.
DROP POLICY IF EXISTS tenant_isolation_tenant_erasures ON dsvault.tenant_erasures;
CREATE POLICY tenant_isolation_tenant_erasures ON dsvault.tenant_erasures AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_tenant_erasures ON dsvault.tenant_erasures IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS tenant_erasures_operator_select ON dsvault.tenant_erasures;
CREATE POLICY tenant_erasures_operator_select ON dsvault.tenant_erasures FOR SELECT
    TO dsvault_operator
    USING (true);
COMMENT ON POLICY tenant_erasures_operator_select ON dsvault.tenant_erasures IS
    'Operators see which tenants are erased.';

DROP POLICY IF EXISTS tenant_erasures_definer_select ON dsvault.tenant_erasures;
CREATE POLICY tenant_erasures_definer_select ON dsvault.tenant_erasures FOR SELECT
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_erasures_definer_select ON dsvault.tenant_erasures IS
    'Erasure sees how far it came.';

DROP POLICY IF EXISTS tenant_erasures_definer_insert ON dsvault.tenant_erasures;
CREATE POLICY tenant_erasures_definer_insert ON dsvault.tenant_erasures FOR INSERT
    TO dsvault_definer
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_erasures_definer_insert ON dsvault.tenant_erasures IS
    'Erasure notes that it began.';

DROP POLICY IF EXISTS tenant_erasures_definer_update ON dsvault.tenant_erasures;
CREATE POLICY tenant_erasures_definer_update ON dsvault.tenant_erasures FOR UPDATE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_erasures_definer_update ON dsvault.tenant_erasures IS
    'Erasure notes what it removed.';

REVOKE ALL ON dsvault.tenant_erasures
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;
GRANT SELECT ON dsvault.tenant_erasures TO dsvault_operator;
GRANT SELECT, INSERT ON dsvault.tenant_erasures TO dsvault_definer;
GRANT UPDATE (removed, finished_at) ON dsvault.tenant_erasures TO dsvault_definer;
-- dsvault_app, dsvault_reader, dsvault_auditor: no access.

COMMIT;
