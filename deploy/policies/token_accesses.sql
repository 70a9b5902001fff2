-- Deploy dsvault:policies/token_accesses to pg
-- requires: tables/token_accesses
--
-- Why:    accesses are counted by functions of the vault; nobody writes or reads them by hand.
-- Locks:  ACCESS EXCLUSIVE on dsvault.token_accesses, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.token_accesses ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.token_accesses FORCE ROW LEVEL SECURITY;

-- The floor below every policy.
DROP POLICY IF EXISTS tenant_isolation_token_accesses ON dsvault.token_accesses;
CREATE POLICY tenant_isolation_token_accesses ON dsvault.token_accesses AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_token_accesses ON dsvault.token_accesses IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS token_accesses_definer_select ON dsvault.token_accesses;
CREATE POLICY token_accesses_definer_select ON dsvault.token_accesses FOR SELECT
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY token_accesses_definer_select ON dsvault.token_accesses IS
    'Definer functions see the accesses of the tenant they work for.';

DROP POLICY IF EXISTS token_accesses_definer_insert ON dsvault.token_accesses;
CREATE POLICY token_accesses_definer_insert ON dsvault.token_accesses FOR INSERT
    TO dsvault_definer
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY token_accesses_definer_insert ON dsvault.token_accesses IS
    'Definer functions note an access.';

DROP POLICY IF EXISTS token_accesses_definer_delete ON dsvault.token_accesses;
CREATE POLICY token_accesses_definer_delete ON dsvault.token_accesses FOR DELETE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY token_accesses_definer_delete ON dsvault.token_accesses IS
    'Definer functions remove what they have counted.';

REVOKE ALL ON dsvault.token_accesses
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;
GRANT SELECT, DELETE ON dsvault.token_accesses TO dsvault_definer;
GRANT INSERT (tenant_id, token_ids) ON dsvault.token_accesses TO dsvault_definer;
-- dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator: no access.

COMMIT;
