-- Revert dsvault:policies/token_accesses from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.token_accesses
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

DROP POLICY IF EXISTS token_accesses_definer_delete ON dsvault.token_accesses;
DROP POLICY IF EXISTS token_accesses_definer_insert ON dsvault.token_accesses;
DROP POLICY IF EXISTS token_accesses_definer_select ON dsvault.token_accesses;
DROP POLICY IF EXISTS tenant_isolation_token_accesses ON dsvault.token_accesses;

ALTER TABLE dsvault.token_accesses NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.token_accesses DISABLE ROW LEVEL SECURITY;

COMMIT;
