-- Verify dsvault:tables/dataset_versions on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.dataset_versions',
    dsvault_facts.table_of('dsvault.dataset_versions'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.dataset_versions columns',
    dsvault_facts.columns_of('dsvault.dataset_versions'), ARRAY[
    'id uuid NOT NULL DEFAULT gen_random_uuid()',
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'dataset_id uuid NOT NULL',
    'version_number bigint NOT NULL',
    'parent_version_id uuid',
    'commit_id character varying(64) NOT NULL',
    'tree_hash character varying(64) NOT NULL',
    'message text NOT NULL',
    'author_id uuid NOT NULL',
    'status character varying(50) NOT NULL DEFAULT ''draft''::character varying',
    'record_count bigint NOT NULL DEFAULT 0',
    'size_bytes bigint NOT NULL DEFAULT 0',
    'storage_path text NOT NULL',
    'manifest_hash character varying(64) NOT NULL',
    'metadata jsonb NOT NULL DEFAULT ''{}''::jsonb',
    'created_at timestamp with time zone NOT NULL DEFAULT now()']);

CALL dsvault_facts.must_contain('dsvault.dataset_versions constraints',
    dsvault_facts.constraints_of('dsvault.dataset_versions'), ARRAY[
    'dataset_versions_pkey PRIMARY KEY (tenant_id, id)',
    'versions_author_fk FOREIGN KEY (tenant_id, author_id) REFERENCES dsvault.users(tenant_id, '
    'id) ON DELETE RESTRICT',
    'versions_dataset_fk FOREIGN KEY (tenant_id, dataset_id) REFERENCES '
    'dsvault.datasets(tenant_id, id) ON DELETE CASCADE',
    'versions_dataset_id_unique UNIQUE (tenant_id, dataset_id, id)',
    'versions_dataset_number_unique UNIQUE (tenant_id, dataset_id, version_number)',
    'versions_metadata_is_object CHECK ((jsonb_typeof(metadata) = ''object''::text))',
    'versions_parent_fk FOREIGN KEY (tenant_id, parent_version_id) REFERENCES '
    'dsvault.dataset_versions(tenant_id, id) ON DELETE SET NULL (parent_version_id)',
    'versions_record_count_positive CHECK ((record_count >= 0))',
    'versions_size_positive CHECK ((size_bytes >= 0))',
    'versions_status_check CHECK (((status)::text = ANY ((ARRAY[''draft''::character varying, '
    '''published''::character varying, ''archived''::character varying, '
    '''corrupted''::character varying])::text[])))']);

CALL dsvault_facts.must_contain('dsvault.dataset_versions indexes',
    dsvault_facts.indexes_of('dsvault.dataset_versions'), ARRAY[
    'CREATE UNIQUE INDEX dataset_versions_pkey ON dsvault.dataset_versions USING btree '
    '(tenant_id, id)',
    'CREATE INDEX idx_versions_author ON dsvault.dataset_versions USING btree (tenant_id, '
    'author_id)',
    'CREATE INDEX idx_versions_commit_id ON dsvault.dataset_versions USING btree (tenant_id, '
    'commit_id)',
    'CREATE INDEX idx_versions_created_at ON dsvault.dataset_versions USING btree (tenant_id, '
    'created_at DESC)',
    'CREATE INDEX idx_versions_parent ON dsvault.dataset_versions USING btree (tenant_id, '
    'parent_version_id) WHERE (parent_version_id IS NOT NULL)',
    'CREATE INDEX idx_versions_status ON dsvault.dataset_versions USING btree (tenant_id, '
    'status)',
    'CREATE UNIQUE INDEX versions_dataset_id_unique ON dsvault.dataset_versions USING btree '
    '(tenant_id, dataset_id, id)',
    'CREATE UNIQUE INDEX versions_dataset_number_unique ON dsvault.dataset_versions USING '
    'btree (tenant_id, dataset_id, version_number)']);

CALL dsvault_facts.must_contain('dsvault.dataset_versions comments',
    dsvault_facts.comments_of('dsvault.dataset_versions'), ARRAY[
    'column author_id: User who made the version.',
    'column commit_id: Content-addressable hash of version data',
    'column created_at: When the row was made.',
    'column dataset_id: Dataset that this is a version of.',
    'column id: Identifies the version within the tenant.',
    'column manifest_hash: Hash of manifest file listing all chunks',
    'column message: What changed, in the author''s words.',
    'column metadata: Whatever else is known of the version, by key.',
    'column parent_version_id: Version that this one builds on; NULL for a first version.',
    'column record_count: Number of records in the version.',
    'column size_bytes: Stored size of the version in bytes.',
    'column status: Life of the version: draft, published, archived, corrupted.',
    'column storage_path: Where the version lies in object storage.',
    'column tenant_id: Tenant of the row; the session''s tenant if left out; never changes.',
    'column tree_hash: Merkle tree root for integrity verification',
    'column version_number: Number of the version within its dataset.',
    'table: Immutable versioned snapshots of datasets']);

ROLLBACK;
