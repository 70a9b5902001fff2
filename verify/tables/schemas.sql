-- Verify dsvault:tables/schemas on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.schemas',
    dsvault_facts.table_of('dsvault.schemas'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.schemas columns',
    dsvault_facts.columns_of('dsvault.schemas'), ARRAY[
    'id uuid NOT NULL DEFAULT gen_random_uuid()',
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'name character varying(255) NOT NULL',
    'version integer NOT NULL DEFAULT 1',
    'definition jsonb NOT NULL',
    'parent_schema_id uuid',
    'compatibility_mode character varying(50) NOT NULL DEFAULT ''backward''::character varying',
    'description text',
    'created_at timestamp with time zone NOT NULL DEFAULT now()',
    'created_by uuid NOT NULL',
    'status character varying(50) NOT NULL DEFAULT ''active''::character varying']);

CALL dsvault_facts.must_contain('dsvault.schemas constraints',
    dsvault_facts.constraints_of('dsvault.schemas'), ARRAY[
    'schemas_compatibility_check CHECK (((compatibility_mode)::text = ANY '
    '((ARRAY[''none''::character varying, ''backward''::character varying, '
    '''forward''::character varying, ''full''::character varying])::text[])))',
    'schemas_created_by_fk FOREIGN KEY (tenant_id, created_by) REFERENCES '
    'dsvault.users(tenant_id, id) ON DELETE RESTRICT',
    'schemas_definition_is_object CHECK ((jsonb_typeof(definition) = ''object''::text))',
    'schemas_name_version_unique UNIQUE (tenant_id, name, version)',
    'schemas_parent_fk FOREIGN KEY (tenant_id, parent_schema_id) REFERENCES '
    'dsvault.schemas(tenant_id, id) ON DELETE SET NULL (parent_schema_id)',
    'schemas_pkey PRIMARY KEY (tenant_id, id)',
    'schemas_status_check CHECK (((status)::text = ANY ((ARRAY[''draft''::character varying, '
    '''active''::character varying, ''deprecated''::character varying, ''archived''::character '
    'varying])::text[])))',
    'schemas_tenant_fk FOREIGN KEY (tenant_id) REFERENCES dsvault.tenants(id) ON DELETE CASCADE']);

CALL dsvault_facts.must_contain('dsvault.schemas indexes',
    dsvault_facts.indexes_of('dsvault.schemas'), ARRAY[
    'CREATE INDEX idx_schemas_created_by ON dsvault.schemas USING btree (tenant_id, created_by)',
    'CREATE INDEX idx_schemas_definition ON dsvault.schemas USING gin (definition)',
    'CREATE INDEX idx_schemas_parent ON dsvault.schemas USING btree (tenant_id, '
    'parent_schema_id) WHERE (parent_schema_id IS NOT NULL)',
    'CREATE INDEX idx_schemas_status ON dsvault.schemas USING btree (tenant_id, status)',
    'CREATE UNIQUE INDEX schemas_name_version_unique ON dsvault.schemas USING btree (tenant_id,'
    ' name, version)',
    'CREATE UNIQUE INDEX schemas_pkey ON dsvault.schemas USING btree (tenant_id, id)']);

CALL dsvault_facts.must_contain('dsvault.schemas comments',
    dsvault_facts.comments_of('dsvault.schemas'), ARRAY[
    'column compatibility_mode: Schema evolution compatibility: none, backward, forward, full',
    'column created_at: When the row was made.',
    'column created_by: User who made the schema version.',
    'column definition: JSON Schema definition for data validation',
    'column description: What the schema describes; NULL if nobody said.',
    'column id: Identifies the schema version within the tenant.',
    'column name: Name that all versions of one schema share.',
    'column parent_schema_id: Version that this one was made from; NULL for a first version.',
    'column status: Life of the definition: draft, active, deprecated, archived.',
    'column tenant_id: Tenant of the row; the session''s tenant if left out; never changes.',
    'column version: Number of the version, counted from 1 within a name.',
    'index dsvault.idx_schemas_definition: Serves searches inside of definitions by functions '
    'that add the tenant themselves.',
    'table: Versioned schema definitions for dataset validation']);

ROLLBACK;
