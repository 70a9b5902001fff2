-- Revert dsvault:policies/encryption_keys from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.encryption_keys
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

DROP POLICY IF EXISTS encryption_keys_definer_update ON dsvault.encryption_keys;
DROP POLICY IF EXISTS encryption_keys_definer_delete ON dsvault.encryption_keys;
DROP POLICY IF EXISTS encryption_keys_operator_update ON dsvault.encryption_keys;
DROP POLICY IF EXISTS encryption_keys_operator_insert ON dsvault.encryption_keys;
DROP POLICY IF EXISTS encryption_keys_operator_select ON dsvault.encryption_keys;
DROP POLICY IF EXISTS encryption_keys_definer_select ON dsvault.encryption_keys;
DROP POLICY IF EXISTS encryption_keys_app_update ON dsvault.encryption_keys;
DROP POLICY IF EXISTS encryption_keys_app_insert ON dsvault.encryption_keys;
DROP POLICY IF EXISTS encryption_keys_app_select ON dsvault.encryption_keys;
DROP POLICY IF EXISTS tenant_isolation_encryption_keys ON dsvault.encryption_keys;

ALTER TABLE dsvault.encryption_keys NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.encryption_keys DISABLE ROW LEVEL SECURITY;

COMMIT;
