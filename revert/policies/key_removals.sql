-- Revert dsvault:policies/key_removals from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.key_removals
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

DROP POLICY IF EXISTS key_removals_definer_delete ON dsvault.key_removals;
DROP POLICY IF EXISTS key_removals_definer_insert ON dsvault.key_removals;
DROP POLICY IF EXISTS key_removals_definer_select ON dsvault.key_removals;
DROP POLICY IF EXISTS tenant_isolation_key_removals ON dsvault.key_removals;

ALTER TABLE dsvault.key_removals NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.key_removals DISABLE ROW LEVEL SECURITY;

COMMIT;
