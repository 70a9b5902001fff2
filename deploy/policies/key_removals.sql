-- Deploy dsvault:policies/key_removals to pg
-- requires: tables/key_removals
--
-- Why:    removals are counted by functions of the vault; nobody writes or reads them by hand.
-- Locks:  ACCESS EXCLUSIVE on dsvault.key_removals, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.key_removals ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.key_removals FORCE ROW LEVEL SECURITY;

-- The floor below every policy.
DROP POLICY IF EXISTS tenant_isolation_key_removals ON dsvault.key_removals;
CREATE POLICY tenant_isolation_key_removals ON dsvault.key_removals AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_key_removals ON dsvault.key_removals IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS key_removals_definer_select ON dsvault.key_removals;
CREATE POLICY key_removals_definer_select ON dsvault.key_removals FOR SELECT
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY key_removals_definer_select ON dsvault.key_removals IS
    'Definer functions see the removals of the tenant they work for.';

DROP POLICY IF EXISTS key_removals_definer_insert ON dsvault.key_removals;
CREATE POLICY key_removals_definer_insert ON dsvault.key_removals FOR INSERT
    TO dsvault_definer
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY key_removals_definer_insert ON dsvault.key_removals IS
    'Definer functions note a removal.';

DROP POLICY IF EXISTS key_removals_definer_delete ON dsvault.key_removals;
CREATE POLICY key_removals_definer_delete ON dsvault.key_removals FOR DELETE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY key_removals_definer_delete ON dsvault.key_removals IS
    'Definer functions remove what they add up.';

REVOKE ALL ON dsvault.key_removals
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;
GRANT SELECT, DELETE ON dsvault.key_removals TO dsvault_definer;
GRANT INSERT (tenant_id, key_id, messages) ON dsvault.key_removals TO dsvault_definer;
-- dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator: no access.

COMMIT;
