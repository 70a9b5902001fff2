-- Verify dsvault:tables/token_accesses on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.token_accesses',
    dsvault_facts.table_of('dsvault.token_accesses'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.token_accesses columns',
    dsvault_facts.columns_of('dsvault.token_accesses'), ARRAY[
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'id uuid NOT NULL DEFAULT gen_random_uuid()',
    'token_ids uuid[] NOT NULL',
    'accessed_at timestamp with time zone NOT NULL DEFAULT statement_timestamp()']);

CALL dsvault_facts.must_contain('dsvault.token_accesses constraints',
    dsvault_facts.constraints_of('dsvault.token_accesses'), ARRAY[
    'token_accesses_pkey PRIMARY KEY (tenant_id, id)',
    'token_accesses_tenant_fk FOREIGN KEY (tenant_id) REFERENCES dsvault.tenants(id) ON DELETE '
    'CASCADE',
    'token_accesses_token_ids_check CHECK ((cardinality(token_ids) > 0))']);

CALL dsvault_facts.must_contain('dsvault.token_accesses indexes',
    dsvault_facts.indexes_of('dsvault.token_accesses'), ARRAY[
    'CREATE UNIQUE INDEX token_accesses_pkey ON dsvault.token_accesses USING btree (tenant_id, '
    'id)']);

CALL dsvault_facts.must_contain('dsvault.token_accesses comments',
    dsvault_facts.comments_of('dsvault.token_accesses'), ARRAY[
    'column accessed_at: When they were given back.',
    'column id: Identifies the call within the tenant.',
    'column tenant_id: Tenant of the row; the session''s tenant if left out; never changes.',
    'column token_ids: Tokens whose values were given back by one call, at least one.',
    'table: Looks behind tokens that are not added to accessed_count yet; who and why is in '
    'the audit trail.']);

ROLLBACK;
