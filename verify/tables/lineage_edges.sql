-- Verify dsvault:tables/lineage_edges on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.lineage_edges',
    dsvault_facts.table_of('dsvault.lineage_edges'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.lineage_edges columns',
    dsvault_facts.columns_of('dsvault.lineage_edges'), ARRAY[
    'id uuid NOT NULL DEFAULT gen_random_uuid()',
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'source_type character varying(50) NOT NULL',
    'source_id uuid NOT NULL',
    'target_type character varying(50) NOT NULL',
    'target_id uuid NOT NULL',
    'relationship character varying(50) NOT NULL',
    'metadata jsonb NOT NULL DEFAULT ''{}''::jsonb',
    'created_at timestamp with time zone NOT NULL DEFAULT now()']);

CALL dsvault_facts.must_contain('dsvault.lineage_edges constraints',
    dsvault_facts.constraints_of('dsvault.lineage_edges'), ARRAY[
    'lineage_edges_pkey PRIMARY KEY (tenant_id, id)',
    'lineage_metadata_is_object CHECK ((jsonb_typeof(metadata) = ''object''::text))',
    'lineage_no_self_edge CHECK ((((source_type)::text <> (target_type)::text) OR (source_id '
    '<> target_id)))',
    'lineage_relationship_check CHECK (((relationship)::text = ANY '
    '((ARRAY[''derived_from''::character varying, ''copied_from''::character varying, '
    '''transformed_by''::character varying, ''merged_from''::character varying, '
    '''anonymized_from''::character varying])::text[])))',
    'lineage_tenant_fk FOREIGN KEY (tenant_id) REFERENCES dsvault.tenants(id) ON DELETE CASCADE',
    'lineage_type_check CHECK ((((source_type)::text = ANY ((ARRAY[''dataset''::character '
    'varying, ''version''::character varying, ''record''::character varying, '
    '''transformation''::character varying])::text[])) AND ((target_type)::text = ANY '
    '((ARRAY[''dataset''::character varying, ''version''::character varying, '
    '''record''::character varying, ''transformation''::character varying])::text[]))))',
    'lineage_unique UNIQUE (tenant_id, source_type, source_id, target_type, target_id, '
    'relationship)']);

CALL dsvault_facts.must_contain('dsvault.lineage_edges indexes',
    dsvault_facts.indexes_of('dsvault.lineage_edges'), ARRAY[
    'CREATE INDEX idx_lineage_created_at ON dsvault.lineage_edges USING btree (tenant_id, '
    'created_at DESC)',
    'CREATE INDEX idx_lineage_relationship ON dsvault.lineage_edges USING btree (tenant_id, '
    'relationship)',
    'CREATE INDEX idx_lineage_target ON dsvault.lineage_edges USING btree (tenant_id, '
    'target_type, target_id)',
    'CREATE UNIQUE INDEX lineage_edges_pkey ON dsvault.lineage_edges USING btree (tenant_id, '
    'id)',
    'CREATE UNIQUE INDEX lineage_unique ON dsvault.lineage_edges USING btree (tenant_id, '
    'source_type, source_id, target_type, target_id, relationship)']);

CALL dsvault_facts.must_contain('dsvault.lineage_edges comments',
    dsvault_facts.comments_of('dsvault.lineage_edges'), ARRAY[
    'column created_at: When the row was made.',
    'column id: Identifies the edge within the tenant.',
    'column metadata: Whatever else is known of the step, by key.',
    'column relationship: Edge type: derived_from, copied_from, transformed_by, etc.',
    'column source_id: What was made; the edge reads: source was made from target.',
    'column source_type: Source entity type: dataset, version, record, transformation',
    'column target_id: What the source was made from.',
    'column target_type: Target entity type: dataset, version, record, transformation.',
    'column tenant_id: Tenant of the row; the session''s tenant if left out; never changes.',
    'table: Directed graph of data lineage relationships']);

ROLLBACK;
