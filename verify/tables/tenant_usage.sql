-- Verify dsvault:tables/tenant_usage on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.tenant_usage',
    dsvault_facts.table_of('dsvault.tenant_usage'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.tenant_usage columns',
    dsvault_facts.columns_of('dsvault.tenant_usage'), ARRAY[
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'measure character varying(50) NOT NULL',
    'amount bigint NOT NULL DEFAULT 0']);

CALL dsvault_facts.must_contain('dsvault.tenant_usage constraints',
    dsvault_facts.constraints_of('dsvault.tenant_usage'), ARRAY[
    'tenant_usage_amount_positive CHECK ((amount >= 0))',
    'tenant_usage_measure_check CHECK (((measure)::text = ANY '
    '((ARRAY[''published_bytes''::character varying, ''published_versions''::character '
    'varying])::text[])))',
    'tenant_usage_pkey PRIMARY KEY (tenant_id, measure)',
    'tenant_usage_tenant_fk FOREIGN KEY (tenant_id) REFERENCES dsvault.tenants(id) ON DELETE '
    'CASCADE']);

CALL dsvault_facts.must_contain('dsvault.tenant_usage indexes',
    dsvault_facts.indexes_of('dsvault.tenant_usage'), ARRAY[
    'CREATE UNIQUE INDEX tenant_usage_pkey ON dsvault.tenant_usage USING btree (tenant_id, '
    'measure)']);

CALL dsvault_facts.must_contain('dsvault.tenant_usage comments',
    dsvault_facts.comments_of('dsvault.tenant_usage'), ARRAY[
    'column amount: The sum: bytes, or how many.',
    'column measure: What is counted, over versions that are no drafts: published_bytes, '
    'published_versions.',
    'column tenant_id: Tenant of the row; the session''s tenant if left out; never changes.',
    'table: What each tenant uses, kept by triggers; measures that are not there are 0.']);

ROLLBACK;
