-- Deploy dsvault:policies/encryption_keys to pg
-- requires: tables/encryption_keys
-- requires: functions/tenant_for
--
-- Why:    a wrapped key is seen and changed within its tenant only, by permission.
-- Locks:  ACCESS EXCLUSIVE on dsvault.encryption_keys, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.encryption_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.encryption_keys FORCE ROW LEVEL SECURITY;

-- The floor below every policy.
DROP POLICY IF EXISTS tenant_isolation_encryption_keys ON dsvault.encryption_keys;
CREATE POLICY tenant_isolation_encryption_keys ON dsvault.encryption_keys AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader, dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_encryption_keys ON dsvault.encryption_keys IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS encryption_keys_app_select ON dsvault.encryption_keys;
CREATE POLICY encryption_keys_app_select ON dsvault.encryption_keys FOR SELECT
    TO dsvault_app, dsvault_reader
    USING (tenant_id = (SELECT dsvault.tenant_for('key:read')));
COMMENT ON POLICY encryption_keys_app_select ON dsvault.encryption_keys IS
    'key:read sees the wrapped keys of the tenant.';

DROP POLICY IF EXISTS encryption_keys_app_insert ON dsvault.encryption_keys;
CREATE POLICY encryption_keys_app_insert ON dsvault.encryption_keys FOR INSERT
    TO dsvault_app
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('key:manage')));
COMMENT ON POLICY encryption_keys_app_insert ON dsvault.encryption_keys IS
    'key:manage adds wrapped keys.';

DROP POLICY IF EXISTS encryption_keys_app_update ON dsvault.encryption_keys;
CREATE POLICY encryption_keys_app_update ON dsvault.encryption_keys FOR UPDATE
    TO dsvault_app
    USING (tenant_id = (SELECT dsvault.tenant_for('key:manage')))
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('key:manage')));
COMMENT ON POLICY encryption_keys_app_update ON dsvault.encryption_keys IS
    'key:manage rotates, rewraps, expires and revokes keys.';

DROP POLICY IF EXISTS encryption_keys_definer_select ON dsvault.encryption_keys;
CREATE POLICY encryption_keys_definer_select ON dsvault.encryption_keys FOR SELECT
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY encryption_keys_definer_select ON dsvault.encryption_keys IS
    'Definer functions look up whose key a ciphertext names.';

DROP POLICY IF EXISTS encryption_keys_operator_select ON dsvault.encryption_keys;
CREATE POLICY encryption_keys_operator_select ON dsvault.encryption_keys FOR SELECT
    TO dsvault_operator
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY encryption_keys_operator_select ON dsvault.encryption_keys IS
    'Operators see the wrapped keys of the tenant that they name.';

DROP POLICY IF EXISTS encryption_keys_operator_insert ON dsvault.encryption_keys;
CREATE POLICY encryption_keys_operator_insert ON dsvault.encryption_keys FOR INSERT
    TO dsvault_operator
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY encryption_keys_operator_insert ON dsvault.encryption_keys IS
    'Operators add wrapped keys to the tenant that they name.';

DROP POLICY IF EXISTS encryption_keys_operator_update ON dsvault.encryption_keys;
CREATE POLICY encryption_keys_operator_update ON dsvault.encryption_keys FOR UPDATE
    TO dsvault_operator
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY encryption_keys_operator_update ON dsvault.encryption_keys IS
    'Operators rotate, rewrap and revoke keys of the tenant that they name.';

DROP POLICY IF EXISTS encryption_keys_definer_delete ON dsvault.encryption_keys;
CREATE POLICY encryption_keys_definer_delete ON dsvault.encryption_keys FOR DELETE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY encryption_keys_definer_delete ON dsvault.encryption_keys IS
    'Erasure removes keys of the tenant it works for.';

DROP POLICY IF EXISTS encryption_keys_definer_update ON dsvault.encryption_keys;
CREATE POLICY encryption_keys_definer_update ON dsvault.encryption_keys FOR UPDATE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY encryption_keys_definer_update ON dsvault.encryption_keys IS
    'Expiry marks keys of the tenant.';

REVOKE ALL ON dsvault.encryption_keys
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;
GRANT SELECT ON dsvault.encryption_keys TO dsvault_app, dsvault_reader, dsvault_operator;
GRANT INSERT (id, key_type, algorithm, kms_provider, kms_key_id, wrapped_key, expires_at, status)
    ON dsvault.encryption_keys TO dsvault_app, dsvault_operator;
GRANT UPDATE (kms_provider, kms_key_id, wrapped_key, rotated_at, expires_at, status)
    ON dsvault.encryption_keys TO dsvault_app, dsvault_operator;
GRANT SELECT, DELETE ON dsvault.encryption_keys TO dsvault_definer;
GRANT UPDATE (status) ON dsvault.encryption_keys TO dsvault_definer;
-- No DELETE by people: a key that is gone takes its data with it; it is revoked.
-- dsvault_auditor: no access.

COMMIT;
