-- Verify dsvault:tables/tenants on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.tenants',
    dsvault_facts.table_of('dsvault.tenants'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.tenants columns',
    dsvault_facts.columns_of('dsvault.tenants'), ARRAY[
    'id uuid NOT NULL DEFAULT gen_random_uuid()',
    'name character varying(255) NOT NULL',
    'slug character varying(100) NOT NULL',
    'settings jsonb NOT NULL DEFAULT ''{}''::jsonb',
    'storage_quota_bytes bigint',
    'created_at timestamp with time zone NOT NULL DEFAULT now()',
    'updated_at timestamp with time zone NOT NULL DEFAULT now()',
    'is_deleted boolean NOT NULL DEFAULT false',
    'deleted_at timestamp with time zone',
    'suspended_at timestamp with time zone',
    'suspension_reason text']);

CALL dsvault_facts.must_contain('dsvault.tenants constraints',
    dsvault_facts.constraints_of('dsvault.tenants'), ARRAY[
    'tenants_deletion_check CHECK ((is_deleted = (deleted_at IS NOT NULL)))',
    'tenants_name_not_empty CHECK ((length((name)::text) > 0))',
    'tenants_pkey PRIMARY KEY (id)',
    'tenants_settings_is_object CHECK ((jsonb_typeof(settings) = ''object''::text))',
    'tenants_slug_format CHECK (((slug)::text ~ ''^[a-z0-9-]+$''::text))',
    'tenants_slug_unique UNIQUE (slug)',
    'tenants_storage_quota_positive CHECK ((storage_quota_bytes >= 0))',
    'tenants_suspension_check CHECK ((((suspended_at IS NULL) = (suspension_reason IS NULL)) AND '
    '(suspension_reason <> ''''::text)))']);

CALL dsvault_facts.must_contain('dsvault.tenants indexes',
    dsvault_facts.indexes_of('dsvault.tenants'), ARRAY[
    'CREATE INDEX idx_tenants_created_at ON dsvault.tenants USING btree (created_at DESC)',
    'CREATE UNIQUE INDEX tenants_pkey ON dsvault.tenants USING btree (id)',
    'CREATE UNIQUE INDEX tenants_slug_unique ON dsvault.tenants USING btree (slug)']);

CALL dsvault_facts.must_contain('dsvault.tenants comments',
    dsvault_facts.comments_of('dsvault.tenants'), ARRAY[
    'column created_at: When the row was made.',
    'column deleted_at: When the tenant was soft-deleted; NULL while it lives.',
    'column id: Identifies the tenant; tenant_id of every other table refers to it.',
    'column is_deleted: True for a soft-deleted tenant, whose users can do nothing.',
    'column name: Name for people, 1 to 255 characters.',
    'column settings: Tenant-specific configuration (features, limits, etc.)',
    'column slug: URL-safe unique identifier for tenant',
    'column storage_quota_bytes: Most bytes that published versions may hold together; NULL is '
    'unlimited.',
    'column suspended_at: Since when the tenant is suspended and its users can do nothing; NULL '
    'if it is not.',
    'column suspension_reason: Why the tenant is suspended; NULL if it is not.',
    'column updated_at: When the row last changed.',
    'table: Multi-tenant root entity for complete data isolation']);

ROLLBACK;
