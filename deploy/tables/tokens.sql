-- Deploy dsvault:tables/tokens to pg
-- requires: tables/tenants
-- requires: functions/current_tenant_id
--
-- Why:    personal data is replaced by tokens; here a token finds its way back, if that is allowed.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.tenants for the foreign key, no scan.
-- Data:   none.
-- Revert: loses every token, and with it the way back to the values.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE IF NOT EXISTS dsvault.tokens (
    id               uuid        NOT NULL DEFAULT gen_random_uuid(),
    tenant_id        uuid        NOT NULL DEFAULT dsvault.current_tenant_id(),
    token_hash       varchar(64) NOT NULL,
    encrypted_value  bytea       NOT NULL,
    pii_type         varchar(50) NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    expires_at       timestamptz DEFAULT NULL,
    accessed_count   integer     NOT NULL DEFAULT 0,
    last_accessed_at timestamptz DEFAULT NULL,
    CONSTRAINT tokens_pkey PRIMARY KEY (tenant_id, id),
    -- Within the tenant: a key across tenants would tell which values others hold.
    CONSTRAINT tokens_hash_unique UNIQUE (tenant_id, token_hash),
    CONSTRAINT tokens_tenant_fk FOREIGN KEY (tenant_id)
        REFERENCES dsvault.tenants (id) ON DELETE CASCADE,
    -- Each type has its own rules of normalisation before it is hashed.
    CONSTRAINT tokens_pii_type_check CHECK (
        pii_type IN
            ('email', 'phone', 'ssn', 'name', 'address', 'credit_card', 'ip_address', 'custom')
    ),
    -- HMAC-SHA-256 as lower-case hex: whatever else was hashed does not belong here.
    -- A pattern with {64} would take ten times as long as length and kind of sign asked apart.
    CONSTRAINT tokens_hash_format
        CHECK (octet_length(token_hash) = 64 AND token_hash !~ '[^0-9a-f]'),
    -- Plain text is refused: "DSV", a version, the suite, then key, nonce, ciphertext and tag.
    -- Suite 0 is a header alone: the value was forgotten, or never kept.
    CONSTRAINT tokens_encrypted_value_header CHECK (
        substring(encrypted_value FROM 1 FOR 4) = '\x44535601'
        AND ((substring(encrypted_value FROM 5 FOR 1) = '\x00'
                AND octet_length(encrypted_value) = 21)
            OR (substring(encrypted_value FROM 5 FOR 1) = '\x01'
                AND octet_length(encrypted_value) >= 49)
            OR (substring(encrypted_value FROM 5 FOR 1) = '\x02'
                AND octet_length(encrypted_value) >= 61))),
    -- A count below zero is a fault of arithmetic.
    CONSTRAINT tokens_accessed_count_positive CHECK (accessed_count >= 0)
);

CREATE INDEX IF NOT EXISTS idx_tokens_pii_type ON dsvault.tokens (tenant_id, pii_type);
-- The design's predicate expires_at > NOW() cannot stand in an index; this serves both of its two.
CREATE INDEX IF NOT EXISTS idx_tokens_expires ON dsvault.tokens (tenant_id, expires_at)
    WHERE expires_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_tokens_created_at ON dsvault.tokens (tenant_id, created_at DESC);

COMMENT ON TABLE dsvault.tokens IS 'Anonymization token mappings for PII pseudonymization';
COMMENT ON COLUMN dsvault.tokens.id IS 'Identifies the token within the tenant.';
COMMENT ON COLUMN dsvault.tokens.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes.';
-- A plain SHA-256, as the design had it, lets whoever reads the column try out every number.
COMMENT ON COLUMN dsvault.tokens.token_hash IS
    'HMAC-SHA-256 of original value under the tenant''s key, for lookups; 64 hex digits.';
COMMENT ON COLUMN dsvault.tokens.encrypted_value IS
    'Encrypted original value (for re-identification if authorized)';
COMMENT ON COLUMN dsvault.tokens.pii_type IS
    'Kind of personal data: email, phone, ssn, name, address, credit_card, ip_address, custom.';
COMMENT ON COLUMN dsvault.tokens.created_at IS 'When the row was made.';
COMMENT ON COLUMN dsvault.tokens.expires_at IS
    'When the token stops giving its value back; NULL if it never does.';
COMMENT ON COLUMN dsvault.tokens.accessed_count IS 'How often the value was given back.';
COMMENT ON COLUMN dsvault.tokens.last_accessed_at IS
    'When the value was last given back; NULL if never.';

COMMIT;
