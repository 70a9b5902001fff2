-- Verify dsvault:tables/tenant_erasures on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.tenant_erasures',
    dsvault_facts.table_of('dsvault.tenant_erasures'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.tenant_erasures columns',
    dsvault_facts.columns_of('dsvault.tenant_erasures'), ARRAY[
    'id uuid NOT NULL DEFAULT gen_random_uuid()',
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'slug character varying(100) NOT NULL',
    'removed jsonb NOT NULL DEFAULT ''{}''::jsonb',
    'begun_by text NOT NULL DEFAULT SESSION_USER',
    'begun_at timestamp with time zone NOT NULL DEFAULT now()',
    'finished_at timestamp with time zone']);

CALL dsvault_facts.must_contain('dsvault.tenant_erasures constraints',
    dsvault_facts.constraints_of('dsvault.tenant_erasures'), ARRAY[
    'tenant_erasures_pkey PRIMARY KEY (tenant_id, id)',
    'tenant_erasures_removed_is_object CHECK ((jsonb_typeof(removed) = ''object''::text))']);

CALL dsvault_facts.must_contain('dsvault.tenant_erasures indexes',
    dsvault_facts.indexes_of('dsvault.tenant_erasures'), ARRAY[
    'CREATE UNIQUE INDEX tenant_erasures_pkey ON dsvault.tenant_erasures USING btree '
    '(tenant_id, id)']);

CALL dsvault_facts.must_contain('dsvault.tenant_erasures comments',
    dsvault_facts.comments_of('dsvault.tenant_erasures'), ARRAY[
    'column begun_at: When it began.',
    'column begun_by: Login of the database that began it.',
    'column finished_at: When nothing was left but the audit trail; NULL while it goes on.',
    'column id: Identifies the erasure.',
    'column removed: How many rows were removed, by table.',
    'column slug: Slug that the tenant had.',
    'column tenant_id: Tenant that is erased; the session''s tenant if left out; never changes.',
    'table: Tenants that are being erased, or were: what was removed, by table.']);

ROLLBACK;
