-- Deploy dsvault:policies/tokens to pg
-- requires: tables/tokens
-- requires: functions/tenant_for
--
-- Why:    tokens are found and made within their tenant, by permission.
-- Locks:  ACCESS EXCLUSIVE on dsvault.tokens, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.tokens FORCE ROW LEVEL SECURITY;

-- The floor below every policy.
DROP POLICY IF EXISTS tenant_isolation_tokens ON dsvault.tokens;
CREATE POLICY tenant_isolation_tokens ON dsvault.tokens AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_tokens ON dsvault.tokens IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS tokens_app_select ON dsvault.tokens;
CREATE POLICY tokens_app_select ON dsvault.tokens FOR SELECT
    TO dsvault_app, dsvault_reader
    USING (tenant_id = (SELECT dsvault.tenant_for('token:read')));
COMMENT ON POLICY tokens_app_select ON dsvault.tokens IS
    'token:read finds the tokens of the tenant.';

DROP POLICY IF EXISTS tokens_app_insert ON dsvault.tokens;
CREATE POLICY tokens_app_insert ON dsvault.tokens FOR INSERT
    TO dsvault_app
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('token:create')));
COMMENT ON POLICY tokens_app_insert ON dsvault.tokens IS
    'token:create adds tokens.';

DROP POLICY IF EXISTS tokens_app_update ON dsvault.tokens;
CREATE POLICY tokens_app_update ON dsvault.tokens FOR UPDATE
    TO dsvault_app
    USING (tenant_id = (SELECT dsvault.tenant_for('token:detokenize')))
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('token:detokenize')));
COMMENT ON POLICY tokens_app_update ON dsvault.tokens IS
    'token:detokenize counts the accesses it makes.';

DROP POLICY IF EXISTS tokens_definer_select ON dsvault.tokens;
CREATE POLICY tokens_definer_select ON dsvault.tokens FOR SELECT
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tokens_definer_select ON dsvault.tokens IS
    'Definer functions see the tokens of the tenant they work for.';

DROP POLICY IF EXISTS tokens_definer_update ON dsvault.tokens;
CREATE POLICY tokens_definer_update ON dsvault.tokens FOR UPDATE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tokens_definer_update ON dsvault.tokens IS
    'Definer functions count accesses and empty tokens that are to be forgotten.';

DROP POLICY IF EXISTS tokens_definer_delete ON dsvault.tokens;
CREATE POLICY tokens_definer_delete ON dsvault.tokens FOR DELETE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tokens_definer_delete ON dsvault.tokens IS
    'Expiry and erasure remove tokens of the tenant they work for.';

REVOKE ALL ON dsvault.tokens
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;
GRANT SELECT ON dsvault.tokens TO dsvault_app, dsvault_reader;
GRANT INSERT (id, token_hash, encrypted_value, pii_type, expires_at)
    ON dsvault.tokens TO dsvault_app;
GRANT UPDATE (expires_at, accessed_count, last_accessed_at) ON dsvault.tokens TO dsvault_app;
GRANT SELECT, DELETE ON dsvault.tokens TO dsvault_definer;
GRANT UPDATE (token_hash, encrypted_value, expires_at, accessed_count, last_accessed_at)
    ON dsvault.tokens TO dsvault_definer;
-- No DELETE by applications: a token in a dataset would lead nowhere; it expires.
-- dsvault_auditor, dsvault_operator: no access.

COMMIT;
