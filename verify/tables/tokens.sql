-- Verify dsvault:tables/tokens on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.tokens',
    dsvault_facts.table_of('dsvault.tokens'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.tokens columns',
    dsvault_facts.columns_of('dsvault.tokens'), ARRAY[
    'id uuid NOT NULL DEFAULT gen_random_uuid()',
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'token_hash character varying(64) NOT NULL',
    'encrypted_value bytea NOT NULL',
    'pii_type character varying(50) NOT NULL',
    'created_at timestamp with time zone NOT NULL DEFAULT now()',
    'expires_at timestamp with time zone',
    'accessed_count integer NOT NULL DEFAULT 0',
    'last_accessed_at timestamp with time zone']);

CALL dsvault_facts.must_contain('dsvault.tokens constraints',
    dsvault_facts.constraints_of('dsvault.tokens'), ARRAY[
    'tokens_accessed_count_positive CHECK ((accessed_count >= 0))',
    'tokens_encrypted_value_header CHECK (((SUBSTRING(encrypted_value FROM 1 FOR 4) = '
    '''\x44535601''::bytea) AND (((SUBSTRING(encrypted_value FROM 5 FOR 1) = ''\x00''::bytea) '
    'AND (octet_length(encrypted_value) = 21)) OR ((SUBSTRING(encrypted_value FROM 5 FOR 1) = '
    '''\x01''::bytea) AND (octet_length(encrypted_value) >= 49)) OR '
    '((SUBSTRING(encrypted_value FROM 5 FOR 1) = ''\x02''::bytea) AND '
    '(octet_length(encrypted_value) >= 61)))))',
    'tokens_hash_format CHECK (((octet_length((token_hash)::text) = 64)'
    ' AND ((token_hash)::text !~ ''[^0-9a-f]''::text)))',
    'tokens_hash_unique UNIQUE (tenant_id, token_hash)',
    'tokens_pii_type_check CHECK (((pii_type)::text = ANY ((ARRAY[''email''::character '
    'varying, ''phone''::character varying, ''ssn''::character varying, ''name''::character '
    'varying, ''address''::character varying, ''credit_card''::character varying, '
    '''ip_address''::character varying, ''custom''::character varying])::text[])))',
    'tokens_pkey PRIMARY KEY (tenant_id, id)',
    'tokens_tenant_fk FOREIGN KEY (tenant_id) REFERENCES dsvault.tenants(id) ON DELETE CASCADE']);

CALL dsvault_facts.must_contain('dsvault.tokens indexes',
    dsvault_facts.indexes_of('dsvault.tokens'), ARRAY[
    'CREATE INDEX idx_tokens_created_at ON dsvault.tokens USING btree (tenant_id, created_at '
    'DESC)',
    'CREATE INDEX idx_tokens_expires ON dsvault.tokens USING btree (tenant_id, expires_at) '
    'WHERE (expires_at IS NOT NULL)',
    'CREATE INDEX idx_tokens_pii_type ON dsvault.tokens USING btree (tenant_id, pii_type)',
    'CREATE UNIQUE INDEX tokens_hash_unique ON dsvault.tokens USING btree (tenant_id, '
    'token_hash)',
    'CREATE UNIQUE INDEX tokens_pkey ON dsvault.tokens USING btree (tenant_id, id)']);

CALL dsvault_facts.must_contain('dsvault.tokens comments',
    dsvault_facts.comments_of('dsvault.tokens'), ARRAY[
    'column accessed_count: How often the value was given back.',
    'column created_at: When the row was made.',
    'column encrypted_value: Encrypted original value (for re-identification if authorized)',
    'column expires_at: When the token stops giving its value back; NULL if it never does.',
    'column id: Identifies the token within the tenant.',
    'column last_accessed_at: When the value was last given back; NULL if never.',
    'column pii_type: Kind of personal data: email, phone, ssn, name, address, credit_card, '
    'ip_address, custom.',
    'column tenant_id: Tenant of the row; the session''s tenant if left out; never changes.',
    'column token_hash: HMAC-SHA-256 of original value under the tenant''s key, for lookups; '
    '64 hex digits.',
    'table: Anonymization token mappings for PII pseudonymization']);

ROLLBACK;
