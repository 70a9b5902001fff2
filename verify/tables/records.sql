-- Verify dsvault:tables/records on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.records',
    dsvault_facts.table_of('dsvault.records'), ARRAY[
    'partitioned table PARTITION BY HASH (dataset_id) OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.records columns',
    dsvault_facts.columns_of('dsvault.records'), ARRAY[
    'id uuid NOT NULL DEFAULT gen_random_uuid()',
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'dataset_id uuid NOT NULL',
    'version_id uuid NOT NULL',
    'content_hash character varying(64) NOT NULL',
    'encrypted_data bytea NOT NULL',
    'pii_annotations jsonb',
    'created_at timestamp with time zone NOT NULL DEFAULT now()']);

CALL dsvault_facts.must_contain('dsvault.records constraints',
    dsvault_facts.constraints_of('dsvault.records'), ARRAY[
    'records_content_hash_format CHECK (((octet_length((content_hash)::text) = 64)'
    ' AND ((content_hash)::text !~ ''[^0-9a-f]''::text)))',
    'records_encrypted_data_header CHECK (((SUBSTRING(encrypted_data FROM 1 FOR 4) = '
    '''\x44535601''::bytea) AND (((SUBSTRING(encrypted_data FROM 5 FOR 1) = ''\x01''::bytea) '
    'AND (octet_length(encrypted_data) >= 49)) OR ((SUBSTRING(encrypted_data FROM 5 FOR 1) = '
    '''\x02''::bytea) AND (octet_length(encrypted_data) >= 61)))))',
    'records_pii_annotations_is_object CHECK ((jsonb_typeof(pii_annotations) = ''object''::text))',
    'records_pkey PRIMARY KEY (tenant_id, dataset_id, id)',
    'records_version_fk FOREIGN KEY (tenant_id, dataset_id, version_id) REFERENCES '
    'dsvault.dataset_versions(tenant_id, dataset_id, id) ON DELETE CASCADE']);

CALL dsvault_facts.must_contain('dsvault.records indexes',
    dsvault_facts.indexes_of('dsvault.records'), ARRAY[
    'CREATE INDEX idx_records_content_hash ON ONLY dsvault.records USING btree (tenant_id, '
    'content_hash)',
    'CREATE INDEX idx_records_created_at ON ONLY dsvault.records USING btree (tenant_id, '
    'created_at DESC)',
    'CREATE INDEX idx_records_pii ON ONLY dsvault.records USING gin (pii_annotations) WHERE '
    '(pii_annotations IS NOT NULL)',
    'CREATE INDEX idx_records_version ON ONLY dsvault.records USING btree (tenant_id, '
    'version_id, dataset_id)',
    'CREATE UNIQUE INDEX records_pkey ON ONLY dsvault.records USING btree (tenant_id, '
    'dataset_id, id)']);

CALL dsvault_facts.must_contain('dsvault.records comments',
    dsvault_facts.comments_of('dsvault.records'), ARRAY[
    'column content_hash: HMAC-SHA-256 under the tenant''s key, for deduplication and '
    'integrity; 64 hex digits.',
    'column created_at: When the row was made.',
    'column dataset_id: Dataset of the record, the same as its version''s; decides the '
    'partition.',
    'column encrypted_data: AES-256-GCM encrypted record content',
    'column id: Identifies the record within its dataset.',
    'column pii_annotations: Field-level PII classification and token mappings',
    'column tenant_id: Tenant of the row; the session''s tenant if left out; never changes.',
    'column version_id: Version that the record belongs to.',
    'index dsvault.idx_records_pii: Serves searches inside of annotations by functions that '
    'add the tenant themselves.',
    'table: Individual encrypted data records (partitioned by dataset_id)']);

CALL dsvault_facts.must_equal('dsvault.records partitions',
    dsvault_facts.partitions_of('dsvault.records'), ARRAY[
    'dsvault.records_p0 FOR VALUES WITH (modulus 16, remainder 0)',
    'dsvault.records_p1 FOR VALUES WITH (modulus 16, remainder 1)',
    'dsvault.records_p10 FOR VALUES WITH (modulus 16, remainder 10)',
    'dsvault.records_p11 FOR VALUES WITH (modulus 16, remainder 11)',
    'dsvault.records_p12 FOR VALUES WITH (modulus 16, remainder 12)',
    'dsvault.records_p13 FOR VALUES WITH (modulus 16, remainder 13)',
    'dsvault.records_p14 FOR VALUES WITH (modulus 16, remainder 14)',
    'dsvault.records_p15 FOR VALUES WITH (modulus 16, remainder 15)',
    'dsvault.records_p2 FOR VALUES WITH (modulus 16, remainder 2)',
    'dsvault.records_p3 FOR VALUES WITH (modulus 16, remainder 3)',
    'dsvault.records_p4 FOR VALUES WITH (modulus 16, remainder 4)',
    'dsvault.records_p5 FOR VALUES WITH (modulus 16, remainder 5)',
    'dsvault.records_p6 FOR VALUES WITH (modulus 16, remainder 6)',
    'dsvault.records_p7 FOR VALUES WITH (modulus 16, remainder 7)',
    'dsvault.records_p8 FOR VALUES WITH (modulus 16, remainder 8)',
    'dsvault.records_p9 FOR VALUES WITH (modulus 16, remainder 9)']);

-- Every partition there is, also those that maintenance made, is closed by its own name.
DO $$
DECLARE
    v_security text[] := ARRAY(
        SELECT DISTINCT pg_catalog.unnest(dsvault_facts.table_of(i.inhrelid)
            || dsvault_facts.rls_of(i.inhrelid) || dsvault_facts.grants_of(i.inhrelid))
        FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = 'dsvault.records'::regclass);
    v_comments text[] := ARRAY(
        SELECT DISTINCT pg_catalog.regexp_replace(
            pg_catalog.obj_description(i.inhrelid, 'pg_class'), '[0-9]+ of', 'N of')
        FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = 'dsvault.records'::regclass);
    v_statistics text[] := ARRAY(
        SELECT DISTINCT pg_catalog.regexp_replace(coalesce(s.line, '(none)'),
            '^CREATE STATISTICS dsvault.records_p[0-9]+_dependencies (.*) FROM \S+', '\1')
        FROM pg_catalog.pg_inherits AS i
            LEFT JOIN LATERAL pg_catalog.unnest(dsvault_facts.statistics_of(i.inhrelid)) AS s (line)
                ON true
        WHERE i.inhparent = 'dsvault.records'::regclass);
    v_unusable text[] := ARRAY(
        SELECT x.indexrelid::regclass::text
        FROM pg_catalog.pg_inherits AS i JOIN pg_catalog.pg_index AS x ON x.indrelid = i.inhrelid
        WHERE i.inhparent = 'dsvault.records'::regclass AND NOT (x.indisvalid AND x.indisready));
BEGIN
    CALL dsvault_facts.must_equal('dsvault.records partitions', v_security,
        ARRAY['table OWNER dsvault_owner', 'ENABLE FORCE']);
    CALL dsvault_facts.must_equal('dsvault.records partition comments', v_comments,
        ARRAY['Records of datasets with hash remainder N of 16; reached through records.']);
    CALL dsvault_facts.must_equal('dsvault.records partition statistics', v_statistics,
        ARRAY['(dependencies) ON tenant_id, dataset_id OWNER dsvault_owner '
            'COMMENT A dataset has one tenant.']);
    CALL dsvault_facts.must_equal('dsvault.records unusable partition indexes', v_unusable, '{}');
END;
$$;

ROLLBACK;
