-- Deploy dsvault:tables/encryption_keys to pg
-- requires: tables/tenants
-- requires: functions/current_tenant_id
--
-- Why:    data keys are kept wrapped by an external service; the server never sees one bare.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.tenants for the foreign key, no scan.
-- Data:   none.
-- Revert: loses every wrapped key, and with it whatever was encrypted under them.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE IF NOT EXISTS dsvault.encryption_keys (
    id           uuid         NOT NULL DEFAULT gen_random_uuid(),
    tenant_id    uuid         NOT NULL DEFAULT dsvault.current_tenant_id(),
    key_type     varchar(50)  NOT NULL,
    algorithm    varchar(50)  NOT NULL DEFAULT 'AES-256-GCM',
    kms_provider varchar(50)  NOT NULL,
    kms_key_id   varchar(255) NOT NULL,
    wrapped_key  bytea        NOT NULL,
    created_at   timestamptz  NOT NULL DEFAULT now(),
    rotated_at   timestamptz  DEFAULT NULL,
    expires_at   timestamptz  DEFAULT NULL,
    status       varchar(50)  NOT NULL DEFAULT 'active',
    CONSTRAINT encryption_keys_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT keys_tenant_fk FOREIGN KEY (tenant_id)
        REFERENCES dsvault.tenants (id) ON DELETE CASCADE,
    -- A key serves one purpose, so that a leak has one extent.
    CONSTRAINT keys_type_check CHECK (key_type IN ('dataset', 'field', 'backup', 'hash')),
    -- What the clients can read, and how they hash.
    CONSTRAINT keys_algorithm_check
        CHECK (algorithm IN ('AES-256-GCM', 'AES-256-CBC', 'HMAC-SHA-256')),
    -- A key that hashes never encrypts: what is said of one use holds.
    CONSTRAINT keys_hash_algorithm
        CHECK ((key_type = 'hash') = (algorithm = 'HMAC-SHA-256')),
    -- CBC does not notice an edited ciphertext: what was imported is read, nothing new written.
    CONSTRAINT keys_cbc_not_active CHECK (algorithm <> 'AES-256-CBC' OR status <> 'active'),
    -- The services that the clients can call.
    CONSTRAINT keys_provider_check
        CHECK (kms_provider IN ('aws-kms', 'azure-kv', 'gcp-kms', 'vault', 'local')),
    -- Active encrypts; rotated and expired still decrypt; revoked does neither.
    CONSTRAINT keys_status_check CHECK (status IN ('active', 'rotated', 'expired', 'revoked')),
    -- A bare key, or one that another service wrapped, is refused: "DSW", a version, the service,
    -- the scheme, then what the service returned. Scheme 0 is a destroyed key: nothing follows.
    CONSTRAINT keys_wrapped_key_header CHECK (
        substring(wrapped_key FROM 1 FOR 4) = '\x44535701'
        AND ((kms_provider = 'local' AND substring(wrapped_key FROM 5 FOR 1) = '\x01')
            OR (kms_provider = 'aws-kms' AND substring(wrapped_key FROM 5 FOR 1) = '\x02')
            OR (kms_provider = 'gcp-kms' AND substring(wrapped_key FROM 5 FOR 1) = '\x03')
            OR (kms_provider = 'azure-kv' AND substring(wrapped_key FROM 5 FOR 1) = '\x04')
            OR (kms_provider = 'vault' AND substring(wrapped_key FROM 5 FOR 1) = '\x05'))
        AND ((substring(wrapped_key FROM 6) = '\x00' AND status = 'revoked')
            OR (substring(wrapped_key FROM 6 FOR 1) <> '\x00'
                AND octet_length(wrapped_key) BETWEEN 70 AND 16384)))
);

-- Whoever encrypts must find one key, not choose among several.
CREATE UNIQUE INDEX IF NOT EXISTS keys_active_unique
    ON dsvault.encryption_keys (tenant_id, key_type, kms_provider) WHERE status = 'active';
CREATE INDEX IF NOT EXISTS idx_keys_status ON dsvault.encryption_keys (tenant_id, status);
CREATE INDEX IF NOT EXISTS idx_keys_kms
    ON dsvault.encryption_keys (tenant_id, kms_provider, kms_key_id);
CREATE INDEX IF NOT EXISTS idx_keys_expires ON dsvault.encryption_keys (tenant_id, expires_at)
    WHERE expires_at IS NOT NULL;

COMMENT ON TABLE dsvault.encryption_keys IS
    'Encryption key metadata (keys wrapped by external KMS)';
COMMENT ON COLUMN dsvault.encryption_keys.id IS 'Identifies the key within the tenant.';
COMMENT ON COLUMN dsvault.encryption_keys.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes.';
COMMENT ON COLUMN dsvault.encryption_keys.key_type IS
    'What the key encrypts: dataset, field, backup; or hash, for keyed hashes.';
COMMENT ON COLUMN dsvault.encryption_keys.algorithm IS
    'Cipher that the key is for; AES-256-CBC only to read what was imported; HMAC-SHA-256 to hash.';
COMMENT ON COLUMN dsvault.encryption_keys.kms_provider IS
    'Service that wraps the key: aws-kms, azure-kv, gcp-kms, vault, local.';
COMMENT ON COLUMN dsvault.encryption_keys.kms_key_id IS
    'External KMS key ID (e.g., AWS KMS ARN)';
COMMENT ON COLUMN dsvault.encryption_keys.wrapped_key IS
    'Data encryption key encrypted by KMS master key';
COMMENT ON COLUMN dsvault.encryption_keys.created_at IS 'When the row was made.';
COMMENT ON COLUMN dsvault.encryption_keys.rotated_at IS
    'When a newer key took over; NULL while none has.';
COMMENT ON COLUMN dsvault.encryption_keys.expires_at IS
    'When the key stops encrypting; NULL if it does not by itself.';
COMMENT ON COLUMN dsvault.encryption_keys.status IS
    'Life of the key: active, rotated, expired, revoked.';
COMMENT ON INDEX dsvault.keys_active_unique IS
    'One active key per tenant, type and provider: whoever encrypts finds exactly one.';

COMMIT;
