-- Verify dsvault:tables/encryption_keys on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.encryption_keys',
    dsvault_facts.table_of('dsvault.encryption_keys'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.encryption_keys columns',
    dsvault_facts.columns_of('dsvault.encryption_keys'), ARRAY[
    'id uuid NOT NULL DEFAULT gen_random_uuid()',
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'key_type character varying(50) NOT NULL',
    'algorithm character varying(50) NOT NULL DEFAULT ''AES-256-GCM''::character varying',
    'kms_provider character varying(50) NOT NULL',
    'kms_key_id character varying(255) NOT NULL',
    'wrapped_key bytea NOT NULL',
    'created_at timestamp with time zone NOT NULL DEFAULT now()',
    'rotated_at timestamp with time zone',
    'expires_at timestamp with time zone',
    'status character varying(50) NOT NULL DEFAULT ''active''::character varying']);

CALL dsvault_facts.must_contain('dsvault.encryption_keys constraints',
    dsvault_facts.constraints_of('dsvault.encryption_keys'), ARRAY[
    'encryption_keys_pkey PRIMARY KEY (tenant_id, id)',
    'keys_algorithm_check CHECK (((algorithm)::text = ANY ((ARRAY[''AES-256-GCM''::character '
    'varying, ''AES-256-CBC''::character varying, ''HMAC-SHA-256''::character '
    'varying])::text[])))',
    'keys_cbc_not_active CHECK ((((algorithm)::text <> ''AES-256-CBC''::text) OR '
    '((status)::text <> ''active''::text)))',
    'keys_hash_algorithm CHECK ((((key_type)::text = ''hash''::text) = ((algorithm)::text = '
    '''HMAC-SHA-256''::text)))',
    'keys_provider_check CHECK (((kms_provider)::text = ANY ((ARRAY[''aws-kms''::character '
    'varying, ''azure-kv''::character varying, ''gcp-kms''::character varying, '
    '''vault''::character varying, ''local''::character varying])::text[])))',
    'keys_status_check CHECK (((status)::text = ANY ((ARRAY[''active''::character varying, '
    '''rotated''::character varying, ''expired''::character varying, ''revoked''::character '
    'varying])::text[])))',
    'keys_tenant_fk FOREIGN KEY (tenant_id) REFERENCES dsvault.tenants(id) ON DELETE CASCADE',
    'keys_type_check CHECK (((key_type)::text = ANY ((ARRAY[''dataset''::character varying, '
    '''field''::character varying, ''backup''::character varying, ''hash''::character '
    'varying])::text[])))',
    'keys_wrapped_key_header CHECK (((SUBSTRING(wrapped_key FROM 1 FOR 4) = '
    '''\x44535701''::bytea) AND ((((kms_provider)::text = ''local''::text) AND '
    '(SUBSTRING(wrapped_key FROM 5 FOR 1) = ''\x01''::bytea)) OR (((kms_provider)::text = '
    '''aws-kms''::text) AND (SUBSTRING(wrapped_key FROM 5 FOR 1) = ''\x02''::bytea)) OR '
    '(((kms_provider)::text = ''gcp-kms''::text) AND (SUBSTRING(wrapped_key FROM 5 FOR 1) = '
    '''\x03''::bytea)) OR (((kms_provider)::text = ''azure-kv''::text) AND '
    '(SUBSTRING(wrapped_key FROM 5 FOR 1) = ''\x04''::bytea)) OR (((kms_provider)::text = '
    '''vault''::text) AND (SUBSTRING(wrapped_key FROM 5 FOR 1) = ''\x05''::bytea))) AND '
    '(((SUBSTRING(wrapped_key FROM 6) = ''\x00''::bytea) AND ((status)::text = '
    '''revoked''::text)) OR ((SUBSTRING(wrapped_key FROM 6 FOR 1) <> ''\x00''::bytea) AND '
    '((octet_length(wrapped_key) >= 70) AND (octet_length(wrapped_key) <= 16384))))))']);

CALL dsvault_facts.must_contain('dsvault.encryption_keys indexes',
    dsvault_facts.indexes_of('dsvault.encryption_keys'), ARRAY[
    'CREATE UNIQUE INDEX encryption_keys_pkey ON dsvault.encryption_keys USING btree '
    '(tenant_id, id)',
    'CREATE INDEX idx_keys_expires ON dsvault.encryption_keys USING btree (tenant_id, '
    'expires_at) WHERE (expires_at IS NOT NULL)',
    'CREATE INDEX idx_keys_kms ON dsvault.encryption_keys USING btree (tenant_id, kms_provider,'
    ' kms_key_id)',
    'CREATE INDEX idx_keys_status ON dsvault.encryption_keys USING btree (tenant_id, status)',
    'CREATE UNIQUE INDEX keys_active_unique ON dsvault.encryption_keys USING btree (tenant_id, '
    'key_type, kms_provider) WHERE ((status)::text = ''active''::text)']);

CALL dsvault_facts.must_contain('dsvault.encryption_keys comments',
    dsvault_facts.comments_of('dsvault.encryption_keys'), ARRAY[
    'column algorithm: Cipher that the key is for; AES-256-CBC only to read what was imported; '
    'HMAC-SHA-256 to hash.',
    'column created_at: When the row was made.',
    'column expires_at: When the key stops encrypting; NULL if it does not by itself.',
    'column id: Identifies the key within the tenant.',
    'column key_type: What the key encrypts: dataset, field, backup; or hash, for keyed hashes.',
    'column kms_key_id: External KMS key ID (e.g., AWS KMS ARN)',
    'column kms_provider: Service that wraps the key: aws-kms, azure-kv, gcp-kms, vault, local.',
    'column rotated_at: When a newer key took over; NULL while none has.',
    'column status: Life of the key: active, rotated, expired, revoked.',
    'column tenant_id: Tenant of the row; the session''s tenant if left out; never changes.',
    'column wrapped_key: Data encryption key encrypted by KMS master key',
    'index dsvault.keys_active_unique: One active key per tenant, type and provider: whoever '
    'encrypts finds exactly one.',
    'table: Encryption key metadata (keys wrapped by external KMS)']);

ROLLBACK;
