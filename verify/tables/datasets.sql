-- Verify dsvault:tables/datasets on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.datasets',
    dsvault_facts.table_of('dsvault.datasets'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.datasets columns',
    dsvault_facts.columns_of('dsvault.datasets'), ARRAY[
    'id uuid NOT NULL DEFAULT gen_random_uuid()',
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'name character varying(255) NOT NULL',
    'description text',
    'schema_id uuid',
    'owner_id uuid NOT NULL',
    'encryption_key_id uuid',
    'retention_policy jsonb',
    'metadata jsonb NOT NULL DEFAULT ''{}''::jsonb',
    'tags text[] NOT NULL DEFAULT ARRAY[]::text[]',
    'created_at timestamp with time zone NOT NULL DEFAULT now()',
    'updated_at timestamp with time zone NOT NULL DEFAULT now()',
    'deleted_at timestamp with time zone']);

CALL dsvault_facts.must_contain('dsvault.datasets constraints',
    dsvault_facts.constraints_of('dsvault.datasets'), ARRAY[
    'datasets_encryption_key_fk FOREIGN KEY (tenant_id, encryption_key_id) REFERENCES '
    'dsvault.encryption_keys(tenant_id, id) ON DELETE RESTRICT',
    'datasets_metadata_is_object CHECK ((jsonb_typeof(metadata) = ''object''::text))',
    'datasets_name_not_empty CHECK ((length((name)::text) > 0))',
    'datasets_owner_fk FOREIGN KEY (tenant_id, owner_id) REFERENCES dsvault.users(tenant_id, '
    'id) ON DELETE RESTRICT',
    'datasets_pkey PRIMARY KEY (tenant_id, id)',
    'datasets_retention_action_has_duration CHECK (((NOT (retention_policy ? ''action''::text)) OR '
    '(retention_policy ? ''duration_days''::text)))',
    'datasets_retention_policy_is_object CHECK ((jsonb_typeof(retention_policy) = '
    '''object''::text))',
    'datasets_retention_policy_shape CHECK ((((retention_policy - '
    'ARRAY[''duration_days''::text, ''action''::text, ''min_days''::text, '
    '''legal_hold''::text]) = ''{}''::jsonb) AND (NOT jsonb_path_exists(retention_policy, '
    '''$.*?(@.type() == "null")''::jsonpath)) AND (NOT jsonb_path_exists(retention_policy, '
    '''strict $."duration_days"?(((@.type() != "number" || @ < 1) || @ > 100000) || @.floor() '
    '!= @)''::jsonpath, ''{}''::jsonb, true)) AND (NOT jsonb_path_exists(retention_policy, '
    '''strict $."min_days"?(((@.type() != "number" || @ < 0) || @ > 100000) || @.floor() != '
    '@)''::jsonpath, ''{}''::jsonb, true)) AND (NOT jsonb_path_exists(retention_policy, '
    '''strict $."legal_hold"?(@.type() != "boolean")''::jsonpath, ''{}''::jsonb, true)) AND '
    '(NOT jsonb_path_exists(retention_policy, ''strict $."action"?(@.type() != "string" || !(@ '
    'like_regex "^(archive|delete|anonymize|review)$"))''::jsonpath, ''{}''::jsonb, true))))',
    'datasets_schema_fk FOREIGN KEY (tenant_id, schema_id) REFERENCES '
    'dsvault.schemas(tenant_id, id) ON DELETE RESTRICT',
    'datasets_tenant_fk FOREIGN KEY (tenant_id) REFERENCES dsvault.tenants(id) ON DELETE '
    'CASCADE']);

CALL dsvault_facts.must_contain('dsvault.datasets indexes',
    dsvault_facts.indexes_of('dsvault.datasets'), ARRAY[
    'CREATE UNIQUE INDEX datasets_name_unique ON dsvault.datasets USING btree (tenant_id, '
    'name) WHERE (deleted_at IS NULL)',
    'CREATE UNIQUE INDEX datasets_pkey ON dsvault.datasets USING btree (tenant_id, id)',
    'CREATE INDEX idx_datasets_created_at ON dsvault.datasets USING btree (tenant_id, '
    'created_at DESC)',
    'CREATE INDEX idx_datasets_deleted ON dsvault.datasets USING btree (tenant_id, deleted_at) '
    'WHERE (deleted_at IS NOT NULL)',
    'CREATE INDEX idx_datasets_encryption_key ON dsvault.datasets USING btree (tenant_id, '
    'encryption_key_id) WHERE (encryption_key_id IS NOT NULL)',
    'CREATE INDEX idx_datasets_metadata ON dsvault.datasets USING gin (metadata)',
    'CREATE INDEX idx_datasets_owner ON dsvault.datasets USING btree (tenant_id, owner_id)',
    'CREATE INDEX idx_datasets_schema ON dsvault.datasets USING btree (tenant_id, schema_id)',
    'CREATE INDEX idx_datasets_tags ON dsvault.datasets USING gin (tags)',
    'CREATE INDEX idx_datasets_tenant_created ON dsvault.datasets USING btree (tenant_id, '
    'created_at DESC) INCLUDE (owner_id) WHERE (deleted_at IS NULL)']);

CALL dsvault_facts.must_contain('dsvault.datasets comments',
    dsvault_facts.comments_of('dsvault.datasets'), ARRAY[
    'column created_at: When the row was made.',
    'column deleted_at: When the dataset was soft-deleted; NULL while it lives.',
    'column description: What the dataset holds; NULL if nobody said.',
    'column encryption_key_id: References encryption key for dataset-level encryption',
    'column id: Identifies the dataset within the tenant.',
    'column metadata: Whatever else is known of the dataset, by key.',
    'column name: Name for people, unique among the tenant''s datasets that are not deleted.',
    'column owner_id: User who owns the dataset and may always work on it.',
    'column retention_policy: JSON retention policy: {duration_days: 90, action: "archive"}',
    'column schema_id: Schema version that records follow; NULL if they follow none.',
    'column tags: Words to find the dataset by.',
    'column tenant_id: Tenant of the row; the session''s tenant if left out; never changes.',
    'column updated_at: When the row last changed.',
    'index dsvault.datasets_name_unique: Names are unique among living datasets only; a '
    'deleted one gives its name free.',
    'index dsvault.idx_datasets_metadata: Serves searches inside of metadata by functions that '
    'add the tenant themselves.',
    'index dsvault.idx_datasets_tags: Serves searches by tag by functions that add the tenant '
    'themselves.',
    'table: Logical dataset containers with versioning support']);

ROLLBACK;
