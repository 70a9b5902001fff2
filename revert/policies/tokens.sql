-- Revert dsvault:policies/tokens from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.tokens
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

DROP POLICY IF EXISTS tokens_definer_delete ON dsvault.tokens;
DROP POLICY IF EXISTS tokens_definer_update ON dsvault.tokens;
DROP POLICY IF EXISTS tokens_definer_select ON dsvault.tokens;
DROP POLICY IF EXISTS tokens_app_update ON dsvault.tokens;
DROP POLICY IF EXISTS tokens_app_insert ON dsvault.tokens;
DROP POLICY IF EXISTS tokens_app_select ON dsvault.tokens;
DROP POLICY IF EXISTS tenant_isolation_tokens ON dsvault.tokens;

ALTER TABLE dsvault.tokens NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.tokens DISABLE ROW LEVEL SECURITY;

COMMIT;
